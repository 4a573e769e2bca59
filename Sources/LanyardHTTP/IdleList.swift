// SPDX-License-Identifier: Apache-2.0

/// The idle connections of one loop, in the order in which they are closed when a new one needs their place.
///
/// Three queues over slots, each from the longest idle to the latest; every step takes constant time.
package struct IdleList {
    /// What an idle connection has been used for; earlier cases are closed first.
    package enum Kind: Int, CaseIterable, Sendable {
        /// Its client never sent a byte.
        case silent
        /// Its client has sent something before.
        case used
        /// It is of a trusted proxy, which keeps connections for the requests of many clients.
        case trusted
    }

    private struct Entry {
        var kind: Kind?
        /// When the connection became idle, in nanoseconds.
        var since: UInt64 = 0
        var next = IdleList.none
        var previous = IdleList.none
    }

    private struct Ends {
        var first = IdleList.none
        var last = IdleList.none
    }

    private static let none: Int32 = -1

    private var entries: [Entry] = []
    private var ends = [Ends](repeating: Ends(), count: Kind.allCases.count)

    /// Creates an empty list.
    package init() {}

    /// Puts `slot` at the end of the queue of `kind`, in place of the entry that it may have.
    package mutating func append(_ slot: Int, as kind: Kind, since: UInt64) {
        remove(slot)
        while entries.count <= slot { entries.append(Entry()) }
        let last = ends[kind.rawValue].last
        entries[slot] = Entry(kind: kind, since: since, previous: last)
        if last == Self.none { ends[kind.rawValue].first = Int32(slot) } else { entries[Int(last)].next = Int32(slot) }
        ends[kind.rawValue].last = Int32(slot)
    }

    /// Takes `slot` out, if it is in.
    package mutating func remove(_ slot: Int) {
        guard slot < entries.count, let kind = entries[slot].kind?.rawValue else { return }
        let entry = entries[slot]
        if entry.previous == Self.none {
            ends[kind].first = entry.next
        } else {
            entries[Int(entry.previous)].next = entry.next
        }
        if entry.next == Self.none {
            ends[kind].last = entry.previous
        } else {
            entries[Int(entry.next)].previous = entry.previous
        }
        entries[slot] = Entry()
    }

    /// The kind that `slot` is in as, if it is in.
    package func kind(of slot: Int) -> Kind? { slot < entries.count ? entries[slot].kind : nil }

    /// The longest idle of `kind`, and since when it is.
    package func first(_ kind: Kind) -> (slot: Int, since: UInt64)? { entry(ends[kind.rawValue].first) }

    /// The one that has been idle next to the longest after `slot`, which is in.
    package func next(after slot: Int) -> (slot: Int, since: UInt64)? { entry(entries[slot].next) }

    private func entry(_ slot: Int32) -> (slot: Int, since: UInt64)? {
        slot == Self.none ? nil : (Int(slot), entries[Int(slot)].since)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// Two ticket keys at most, each with the instant it was made.
package struct TLSTicketKeyRing: Sendable {
    private struct Entry {
        let key: TLSTicketKey
        let madeAt: ContinuousClock.Instant
    }

    private var current: Entry?
    private var previous: Entry?

    /// Makes a ring without keys; the first is drawn when it is needed.
    package init() {}

    /// Returns the key for a new ticket, a fresh one each hour; `nil` if there is no randomness for one.
    package mutating func newest(at now: ContinuousClock.Instant) -> TLSTicketKey? {
        if let current, now < current.madeAt + TLSTicketKeys.lifetime { return current.key }
        guard let key = TLSTicketKey() else { return nil }
        previous = current
        current = Entry(key: key, madeAt: now)
        return key
    }

    /// Returns the key that a ticket names and whether new tickets are still made with it, or `nil` if its time is over.
    package mutating func key(
        named name: [UInt8], at now: ContinuousClock.Instant
    ) -> (key: TLSTicketKey, isNewest: Bool)? {
        forget(at: now)
        if let current, current.key.name == name {
            return (current.key, now < current.madeAt + TLSTicketKeys.lifetime)
        }
        if let previous, previous.key.name == name { return (previous.key, false) }
        return nil
    }

    /// Forgets what is older than the oldest ticket can be.
    private mutating func forget(at now: ContinuousClock.Instant) {
        let longest = TLSTicketKeys.lifetime * 2
        if let entry = previous, now >= entry.madeAt + longest { previous = nil }
        if let entry = current, now >= entry.madeAt + longest { current = nil }
    }
}

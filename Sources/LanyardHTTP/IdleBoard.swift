// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import Synchronization

/// What the loops of a server let each other know of their idle connections.
///
/// Each loop writes its own row, without a lock; the others read it only when the server is full.
final class IdleBoard: Sendable {
    /// Since when the longest idle connection of each kind is idle, on one loop.
    final class Row: Sendable {
        private let silent = Atomic(UInt64.max)
        private let used = Atomic(UInt64.max)
        private let trusted = Atomic(UInt64.max)
        fileprivate let mailbox: Mailbox

        fileprivate init(_ mailbox: Mailbox) { self.mailbox = mailbox }

        /// Nanoseconds of the monotonic clock, which is one for all loops; the maximum if there is none.
        subscript(kind: IdleList.Kind) -> UInt64 {
            get { cell(kind) { $0.load(ordering: .relaxed) } }
            set { cell(kind) { $0.store(newValue, ordering: .relaxed) } }
        }

        private func cell<Result>(_ kind: IdleList.Kind, _ body: (borrowing Atomic<UInt64>) -> Result) -> Result {
            switch kind {
            case .silent: body(silent)
            case .used: body(used)
            case .trusted: body(trusted)
            }
        }
    }

    private let rows = Guarded<[Row]>([])

    /// Adds the row of a loop.
    func add(_ mailbox: Mailbox) -> Row {
        let row = Row(mailbox)
        rows.withLock { $0.append(row) }
        return row
    }

    /// The loop with the longest idle connection of `kind`, except for that of `own`, and since when it is idle.
    func longestIdle(_ kind: IdleList.Kind, except own: Row) -> (row: Row, since: UInt64)? {
        let others = rows.withLock { rows in rows.filter { $0 !== own } }
        guard let row = others.min(by: { $0[kind] < $1[kind] }), row[kind] != .max else { return nil }
        return (row, row[kind])
    }

    /// Asks the loop of `row` to close its longest idle connection.
    func requestEviction(from row: Row) { row.mailbox.post(.evict) }
}

// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// What a refresh token with a good MAC means for a live session.
///
/// A session rotates at most once per grace. That is what makes a late request of generation n meet `current` or
/// `previous`, and nothing older: clients that refresh side by side, or lose an answer, are never mistaken for thieves
/// (RFC 9700 §4.14.2 asks for rotation and for reuse to end the session).
package enum RefreshDecision: Equatable, Sendable {
    /// The newest token, soon after it was made: the same token again. Nothing is written.
    case keep
    /// The newest token, later: the next generation.
    case rotate
    /// The token that was just replaced: its successor again, byte for byte. Nothing is written.
    case replay
    /// The replaced token, later: the answer that carried its successor was lost, and that successor is void from now on.
    case recover
    /// A token newer than the row, which only a store put back from a backup can meet: the row follows the token.
    case ahead
    /// Any other: the session ends.
    case reuse

    /// Decides.
    ///
    /// - Parameters:
    ///   - row: The two generations and the time of the last rotation, as stored.
    ///   - generation: What the presented token carries.
    ///   - grace: How long after a rotation the replaced token is answered with its successor; 0 for never.
    ///   - now: The store's own time.
    package init(row: Row, generation: Int64, grace: Duration, at now: UnixTime) {
        let age = now.since(row.rotatedAt)
        let isYoung = .zero <= age && age < grace
        self =
            if generation > row.current {
                .ahead
            } else if generation == row.current {
                isYoung ? .keep : .rotate
            } else if generation == row.previous {
                isYoung ? .replay : .recover
            } else {
                .reuse
            }
    }

    /// The part of a session that a decision reads and writes.
    package struct Row: Hashable, Sendable {
        /// The generation of the newest refresh token.
        package var current: Int64
        /// The generation it replaced.
        package var previous: Int64
        /// When `current` was made.
        package var rotatedAt: UnixTime

        /// Creates a row.
        package init(current: Int64, previous: Int64, rotatedAt: UnixTime) {
            self.current = current
            self.previous = previous
            self.rotatedAt = rotatedAt
        }
    }

    /// Returns the row after this decision about `generation`; `nil` if nothing of the row is written.
    package func successor(of row: Row, generation: Int64, at now: UnixTime) -> Row? {
        switch self {
        case .keep, .replay, .reuse: nil
        case .rotate, .ahead: Row(current: generation + 1, previous: generation, rotatedAt: now)
        case .recover: Row(current: row.current + 1, previous: row.previous, rotatedAt: now)
        }
    }
}

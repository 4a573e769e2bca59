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
    /// A token newer than the row, which only a store that lost its last commits can meet: the row catches up with the token,
    /// which the client keeps.
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
        let isYoung = row.isYoung(within: grace, at: now)
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
    ///
    /// A rotation is never dated earlier than the one before, so that a clock that is a little behind ends no session early.
    ///
    /// - Parameters:
    ///   - row: The row that the decision was made on.
    ///   - generation: What the presented token carries.
    ///   - now: The store's own time.
    ///   - trustsClock: Whether a time that a wrong clock wrote is corrected to `now`; if not, it stays.
    /// - Returns: The row to write.
    package func successor(
        of row: Row, generation: Int64, at now: UnixTime, trustsClock: Bool = true
    ) -> Row? {
        let isCorrected = trustsClock && row.isFromWrongClock(at: now)
        let rotatedAt = isCorrected ? now : max(now, row.rotatedAt)
        switch self {
        case .reuse: return nil
        case .keep, .replay:
            return isCorrected ? Row(current: row.current, previous: row.previous, rotatedAt: now) : nil
        case .rotate: return Row(current: generation + 1, previous: generation, rotatedAt: rotatedAt)
        case .recover: return Row(current: row.current + 1, previous: row.previous, rotatedAt: rotatedAt)
        case .ahead: return Row(current: generation, previous: generation - 1, rotatedAt: rotatedAt)
        }
    }

    /// How far ahead of the store's clock a stored time may be before it counts as written by a wrong clock.
    package static let clockTolerance = Duration.seconds(30)
}

extension RefreshDecision.Row {
    /// Whether the last rotation is dated so far ahead of `now` that a wrong clock must have written it.
    package func isFromWrongClock(at now: UnixTime) -> Bool { rotatedAt > now + RefreshDecision.clockTolerance }

    /// Whether the last rotation is so recent that it is not repeated; never without a grace period.
    fileprivate func isYoung(within grace: Duration, at now: UnixTime) -> Bool {
        guard grace > .zero else { return false }
        let age = now.since(rotatedAt)
        return isFromWrongClock(at: now) || (.zero <= age && age < grace)
    }
}

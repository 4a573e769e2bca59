// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// What became of a ``SessionEnding``.
package struct SessionsEnded: Equatable, Sendable {
    /// Those that ended now.
    package var ended: [EndedSession]
    /// Whether the one that was named is known, over or not.
    package var isKnown: Bool
    /// The id of the last that was looked at, where a limit is set and there may be more.
    package var last: SessionID?

    /// Creates what became of an ending.
    package init(ended: [EndedSession], isKnown: Bool = true, last: SessionID? = nil) {
        self.ended = ended
        self.isKnown = isKnown
        self.last = last
    }
}

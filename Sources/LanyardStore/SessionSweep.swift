// SPDX-License-Identifier: Apache-2.0

/// What a sweep has removed.
package struct SessionSweep: Equatable, Sendable {
    /// How many sessions.
    package var count: Int
    /// Those of them that were over by their lifetimes, which nobody has told of.
    package var unnoticed: [EndedSession]

    /// Creates one.
    package init(count: Int, unnoticed: [EndedSession]) {
        self.count = count
        self.unnoticed = unnoticed
    }
}

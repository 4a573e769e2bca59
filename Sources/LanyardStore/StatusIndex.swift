// SPDX-License-Identifier: Apache-2.0

/// The place of a session or a service client in the status lists, which all its access tokens name (Token Status List §6.2).
package struct StatusIndex: Hashable, Sendable {
    /// The number of the list, 1 or above.
    package var list: Int64
    /// The index in the list, 0 or above.
    package var index: Int64

    /// Creates an index.
    package init(list: Int64, index: Int64) {
        self.list = list
        self.index = index
    }

    /// How long after the last `exp` of its tokens an ended session is shown: for clocks that differ.
    package static let margin = Duration.seconds(600)

    /// How long an index rests when its bit is shown no more: the longest life of a signed list, by any setting, and what
    /// verifiers allow for clocks that differ.
    ///
    /// Nobody relies then on a list that shows the bit, which would take the next session with this index for an ended one.
    package static let rest = Duration.seconds(36_000 + 300)

    /// How long after the last `exp` of its tokens a session keeps its index: verifiers allow 30 s, and clocks differ.
    package static let leeway = Duration.seconds(60)
}

extension StatusIndex: Comparable {
    package static func < (one: Self, other: Self) -> Bool { (one.list, one.index) < (other.list, other.index) }
}

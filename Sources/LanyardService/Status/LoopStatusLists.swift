// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// The status lists as one event loop has them.
final class LoopStatusLists: @unchecked Sendable {
    // @unchecked Sendable because a Service, and so everything below it, is used on one loop only.
    private var copy: Replaceable<[Int64: SignedStatusList]?>.Copy

    init(_ live: LiveStatusLists) {
        copy = Replaceable.Copy(of: live.lists)
    }

    /// The lists now.
    var current: [Int64: SignedStatusList]? {
        _ = copy.update()
        return copy.value
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP

/// The status lists as one event loop has them.
final class LoopStatusLists: @unchecked Sendable {
    // @unchecked Sendable because it is used on one loop only, which each use checks.
    private let loop: LoopExecutor
    private var copy: Replaceable<[Int64: SignedStatusList]?>.Copy

    init(_ live: LiveStatusLists, on loop: LoopExecutor) {
        self.loop = loop
        copy = Replaceable.Copy(of: live.lists)
    }

    /// The lists now.
    var current: [Int64: SignedStatusList]? {
        loop.checkIsOnLoop()
        _ = copy.update()
        return copy.value
    }
}

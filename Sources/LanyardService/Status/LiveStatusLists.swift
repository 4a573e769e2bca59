// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// The status lists that this process serves now; a ``StatusKeeper`` replaces them.
package final class LiveStatusLists: Sendable {
    /// By their numbers; `nil` while none were ever built.
    let lists = Replaceable<[Int64: SignedStatusList]?>(nil)

    /// Creates lists that were not built yet.
    package init() {}
}

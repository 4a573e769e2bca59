// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardWeb

/// The status lists of the process as they are served: made once, when a list is signed.
final class StatusDocuments: Sendable {
    /// By the numbers of the lists; `nil` while none were ever built.
    fileprivate let documents = Replaceable<[Int64: StatusDocument]?>(nil)
    /// When the lists were last known to show what the store holds.
    let freshness: Freshness

    init(_ lists: LiveStatusLists) {
        freshness = lists.freshness
        lists.whenReplaced { [documents] lists in
            let before = documents.current ?? [:]
            documents.replace(
                with: lists.mapValues { list in
                    if let document = before[list.number], document.list.token == list.token { return document }
                    return StatusDocument(list)
                })
        }
    }
}

/// A status list as it is served.
struct StatusDocument: Sendable {
    let list: SignedStatusList
    let document: PublicDocument

    init(_ list: SignedStatusList) {
        self.list = list
        document = PublicDocument(
            list.token, mediaType: Self.mediaType, caching: "public, max-age=\(list.ttl.wholeSeconds)")
    }

    static let mediaType = "application/statuslist+jwt"
}

/// The status lists as one event loop has them.
final class LoopStatusDocuments: @unchecked Sendable {
    // @unchecked Sendable because it is used on one loop only, which each use checks.
    private let loop: LoopExecutor
    private var copy: Replaceable<[Int64: StatusDocument]?>.Copy

    init(_ shared: StatusDocuments, on loop: LoopExecutor) {
        self.loop = loop
        copy = Replaceable.Copy(of: shared.documents)
    }

    /// The lists now.
    var current: [Int64: StatusDocument]? {
        loop.checkIsConfined()
        _ = copy.update()
        return copy.value
    }
}

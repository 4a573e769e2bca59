// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP

/// Serves one public document.
struct DocumentEndpoint: Endpoint {
    private let keys: LoopKeys
    private let live: LiveKeys
    private let path: any KeyPath<PublicDocuments, PublicDocument> & Sendable

    init(_ keys: LoopKeys, _ live: LiveKeys, _ path: any KeyPath<PublicDocuments, PublicDocument> & Sendable) {
        self.keys = keys
        self.live = live
        self.path = path
    }

    private var document: PublicDocument { keys.current.documents[keyPath: path] }

    var standingDocument: PublicDocument? { document }

    func answer(_ call: Call) async throws(ServiceError) -> Answer {
        // An old key set would be kept by caches for minutes. While the store is away, it is better than none.
        if !keys.areDocumentsCurrent { _ = await live.freshness.wait() }
        return .response(try document.response(to: call.request.head))
    }
}

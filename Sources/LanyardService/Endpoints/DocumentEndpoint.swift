// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP

/// Serves one public document.
struct DocumentEndpoint: Endpoint {
    private let keys: LoopKeys
    private let path: any KeyPath<PublicDocuments, PublicDocument> & Sendable

    init(_ keys: LoopKeys, _ path: any KeyPath<PublicDocuments, PublicDocument> & Sendable) {
        self.keys = keys
        self.path = path
    }

    private var document: PublicDocument { keys.current.documents[keyPath: path] }

    var standingDocument: PublicDocument? { document }

    func answer(_ call: Call) throws(ServiceError) -> Outcome {
        // An old key set would be kept by caches for minutes. While the store is away, it is better than none.
        if !call.hasWaited, !keys.areDocumentsCurrent { throw .staleKeys }
        return .respond(call.finish(.success(try document.response(to: call.request.head))))
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardCrypto
internal import LanyardHTTP

/// A public document, made once and served from memory.
struct PublicDocument: Sendable {
    let body: [UInt8]
    let mediaType: String
    /// A strong validator: the first 128 bits of the digest (RFC 9110 §8.8.3).
    let entityTag: String

    init(_ body: [UInt8], mediaType: String) {
        self.body = body
        self.mediaType = mediaType
        entityTag = "\"" + Base64URL.encode(Array(SHA256.digest(body).prefix(16))) + "\""
    }

    /// Answers 304 if the client has the document already (RFC 9110 §13.1.2), else the document.
    func response(to head: RequestHead) -> Response {
        let isKnown = IfNoneMatch(head)?.matches(entityTag) ?? false
        return isKnown ? Response(status: 304, fields: fields) : response
    }

    /// The document as it is sent to who does not have it.
    var response: Response {
        Response(status: 200, fields: fields + [Response.Field("Content-Type", mediaType)], body: body)
    }

    private var fields: [Response.Field] {
        [Response.Field("ETag", entityTag), Response.Field("Cache-Control", Self.caching)]
    }

    /// RFC 9111 §5.2.2 and RFC 5861: five minutes fresh, a minute more while being asked anew, a day if we are away.
    static let caching = "public, max-age=300, stale-while-revalidate=60, stale-if-error=86400"
}

/// Serves one public document.
struct DocumentEndpoint: Endpoint {
    private let keys: LoopKeys
    private let path: any KeyPath<PublicDocuments, PublicDocument> & Sendable

    init(_ keys: LoopKeys, _ path: any KeyPath<PublicDocuments, PublicDocument> & Sendable) {
        self.keys = keys
        self.path = path
    }

    private var document: PublicDocument { keys.current.documents[keyPath: path] }

    var standingAnswer: Response? { document.response }

    func answer(_ call: Call) throws(ServiceError) -> Outcome {
        .respond(call.finish(.success(document.response(to: call.request.head))))
    }
}

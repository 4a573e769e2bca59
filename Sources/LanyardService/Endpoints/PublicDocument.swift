// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP

/// A public document, made once in each content coding and served from memory.
struct PublicDocument: Sendable {
    let identity: Representation
    let gzip: Representation

    init(_ content: [UInt8], mediaType: String, caching: String = PublicDocument.caching) {
        identity = Representation(content, in: .identity, mediaType: mediaType, caching: caching)
        gzip = Representation(content, in: .gzip, mediaType: mediaType, caching: caching)
    }

    /// Answers `GET` and `HEAD`: the document, or 304 if the client has it already (RFC 9110 §13.1.2).
    ///
    /// - Throws: ``ServiceError/preconditionFailed`` if the client wants only a representation that is not this (RFC 9110 §13.1.1).
    func response(to head: RequestHead) throws(ServiceError) -> Response {
        let selected = AcceptEncoding(head).prefersGzip ? gzip : identity
        switch Preconditions(head).judge(selected.entityTag) {
        case .hold: return selected.response
        case .notModified: return selected.notModified
        case .fail: throw .preconditionFailed
        }
    }

    /// RFC 9111 §5.2.2 and RFC 5861: five minutes fresh, a minute more while being asked anew, a day if we are away.
    static let caching = "public, max-age=300, stale-while-revalidate=60, stale-if-error=86400"
}

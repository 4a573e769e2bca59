// SPDX-License-Identifier: Apache-2.0

package import LanyardHTTP

/// A public document, made once in each content coding and served from memory.
package struct PublicDocument: Sendable {
    package let identity: Representation
    package let gzip: Representation

    package init(_ content: [UInt8], mediaType: String, caching: String = PublicDocument.caching) {
        identity = Representation(content, in: .identity, mediaType: mediaType, caching: caching)
        gzip = Representation(content, in: .gzip, mediaType: mediaType, caching: caching)
    }

    /// Answers `GET` and `HEAD`: the document, or 304 if the client has it already (RFC 9110 §13.1.2).
    ///
    /// - Throws: ``PreconditionFailed`` if the client wants only a representation that is not this (RFC 9110 §13.1.1).
    package func response(to head: RequestHead) throws(PreconditionFailed) -> Response {
        let selected = AcceptEncoding(head).prefersGzip ? gzip : identity
        switch Preconditions(head).judge(selected.entityTag) {
        case .hold: return selected.response
        case .notModified: return selected.notModified
        case .fail: throw PreconditionFailed()
        }
    }

    /// RFC 9111 §5.2.2 and RFC 5861: five minutes fresh, a minute more while being asked anew, a day if we are away.
    package static let caching = "public, max-age=300, stale-while-revalidate=60, stale-if-error=86400"
}

/// The client wants a representation that is not the one there is.
package struct PreconditionFailed: Error {
    package init() {}
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardCrypto
package import LanyardHTTP

/// A document in one content coding (RFC 9110 §3.2), made once and sent often.
package struct Representation: Sendable {
    /// How the content is coded (RFC 9110 §8.4.1).
    package enum Coding: Sendable {
        case identity
        case gzip
    }

    /// A strong validator: the first 128 bits of the digest of the bytes that are sent.
    ///
    /// So each coding has its own (RFC 9110 §8.8.3.3), and so have the same documents compressed by different versions of zlib.
    let entityTag: String
    /// The answer to who does not have the representation.
    package let response: Response
    /// The answer to who has it, with those fields that a cache takes over (RFC 9110 §15.4.5).
    let notModified: Response

    /// Makes the representation of `content`.
    ///
    /// - Parameters:
    ///   - content: The document as it is.
    ///   - coding: How it is to be coded.
    ///   - mediaType: Its type.
    ///   - caching: The value of `Cache-Control`.
    package init(_ content: [UInt8], in coding: Coding, mediaType: String, caching: String) {
        let body = coding == .gzip ? Deflate.gzip(content) : content
        entityTag = "\"" + Base64URL.encode(Array(SHA256.digest(body).prefix(16))) + "\""
        let fields = [
            Response.Field("ETag", entityTag), Response.Field("Cache-Control", caching),
            // Said in every coding, or a cache would give one client's to all (RFC 9110 §12.5.5).
            Response.Field("Vary", "Accept-Encoding"),
        ]
        notModified = Response(status: 304, fields: fields)
        var content = [Response.Field("Content-Type", mediaType)]
        if coding == .gzip { content.append(Response.Field("Content-Encoding", "gzip")) }
        response = Response(status: 200, fields: fields + content, body: body)
    }
}

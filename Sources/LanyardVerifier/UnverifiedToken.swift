// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import LanyardCoding

/// A token that was read but not checked: anybody may have written it.
///
/// Use it to look at a token, or to choose a key set by its ``keyID``. What it says proves nothing; only ``Verifier``
/// makes a ``VerifiedToken`` of it.
public struct UnverifiedToken: Sendable {
    /// The size of the largest token that is read: 8,192 bytes.
    public static let maximumBytes = 8_192

    /// The size of the longest `kid` that is read: 128 bytes.
    public static let maximumKeyIDBytes = 128

    /// The `kid` that the token claims; `nil` if it names no key.
    public var keyID: String? { header.keyID }

    /// What the header says that matters here.
    let header: TokenHeader

    /// The first two parts and the dot between them: what is signed (RFC 7515 §5.1).
    let message: [UInt8]

    /// The claims, decoded and not read.
    let payload: [UInt8]

    /// The signature, decoded.
    let signature: [UInt8]

    private let headerBytes: [UInt8]

    /// Reads the outer form of a token.
    ///
    /// - Parameter compact: A JWS in compact form, at most ``maximumBytes``, with nothing around it.
    /// - Throws: ``TokenError/tooLarge(limitBytes:)``, ``TokenError/malformed(_:)``,
    ///   ``TokenError/unsupportedHeader(name:)``.
    public init(_ compact: String) throws(TokenError) {
        guard compact.utf8.count <= Self.maximumBytes else { throw .tooLarge(limitBytes: Self.maximumBytes) }
        try self.init(Array(compact.utf8))
    }

    /// Reads the outer form of a token.
    ///
    /// - Parameter compact: A JWS in compact form in ASCII, at most ``maximumBytes``, with nothing around it.
    /// - Throws: ``TokenError/tooLarge(limitBytes:)``, ``TokenError/malformed(_:)``,
    ///   ``TokenError/unsupportedHeader(name:)``.
    public init(_ compact: [UInt8]) throws(TokenError) {
        try self.init(compact, limitBytes: Self.maximumBytes)
    }

    /// Reads the outer form of a token of any size up to `limitBytes`.
    init(_ compact: [UInt8], limitBytes: Int) throws(TokenError) {
        guard compact.count <= limitBytes else { throw .tooLarge(limitBytes: limitBytes) }
        // RFC 7515 §7.1: three parts. Five would be encrypted (RFC 7516 §3.1), which we do not read.
        guard let first = compact.offsetOfDot(from: 0), let second = compact.offsetOfDot(from: first + 1),
            compact.offsetOfDot(from: second + 1) == nil, first > 0, second > first + 1, second < compact.count - 1
        else { throw .malformed(.structure) }
        let parts: (header: [UInt8], payload: [UInt8], signature: [UInt8])
        let bytes = compact.span
        do {
            parts.header = try Base64URL.decode(bytes.extracting(0..<first))
            parts.payload = try Base64URL.decode(bytes.extracting(first + 1..<second))
            parts.signature = try Base64URL.decode(bytes.extracting(second + 1..<compact.count))
        } catch {
            throw .malformed(.encoding)
        }
        header = try TokenHeader(parsing: parts.header)
        (headerBytes, payload, signature) = parts
        message = Array(compact[..<second])
    }

    /// The header as it was sent: one JSON object, not checked.
    public var unverifiedHeader: String { String(decoding: headerBytes, as: UTF8.self) }

    /// Returns the claims as they were sent: one JSON object, not checked.
    ///
    /// - Throws: ``TokenError/malformed(_:)`` if they are no JSON object.
    public func unverifiedClaims() throws(TokenError) -> String {
        _ = try unverifiedClaimsObject()
        return String(decoding: payload, as: UTF8.self)
    }

    /// Returns the members of the header, not checked.
    package func unverifiedHeaderObject() throws(TokenError) -> JSONObject {
        do { return try JSONObject(parsing: headerBytes) } catch { throw .malformed(.header) }
    }

    /// Returns the claims, not checked.
    package func unverifiedClaimsObject() throws(TokenError) -> JSONObject {
        do { return try JSONObject(parsing: payload) } catch { throw .malformed(.claims) }
    }
}

extension [UInt8] {
    /// Returns the offset of the first dot at or after `start`, if there is one.
    ///
    /// A loop over the bytes would take a fifth of the time that reading a token takes. The C function is `memchr`.
    fileprivate func offsetOfDot(from start: Int) -> Int? {
        unsafe withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress else { return nil }
            guard let dot = unsafe memchr(base + start, 0x2E, bytes.count - start) else { return nil }
            return unsafe UnsafeRawPointer(dot) - base
        }
    }
}

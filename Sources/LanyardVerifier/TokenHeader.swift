// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding

/// The members of a JOSE header that a verifier of signatures reads (RFC 7515 §4.1).
///
/// `jku`, `jwk`, `x5u` and `x5c` are not among them: a token does not bring its own key (RFC 8725 §3.10).
struct TokenHeader: Sendable {
    let algorithm: String?
    let type: String?
    let keyID: String?

    init(parsing bytes: [UInt8]) throws(TokenError) {
        let object: JSONObject
        do { object = try JSONObject(parsing: bytes) } catch { throw .malformed(.header) }
        for name in Self.unsupported where object[name] != nil {
            throw .unsupportedHeader(name: name)
        }
        algorithm = try Self.text("alg", in: object)
        type = try Self.text("typ", in: object)
        keyID = try Self.text("kid", in: object)
        guard (keyID?.utf8.count ?? 0) <= UnverifiedToken.maximumKeyIDBytes else { throw .malformed(.header) }
    }

    private static func text(_ name: String, in object: JSONObject) throws(TokenError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string else { throw .malformed(.header) }
        return text
    }

    /// `crit` says that the rest must be understood (RFC 7515 §4.1.11); `b64` changes what is signed (RFC 7797 §3);
    /// `enc` and `zip` belong to encryption (RFC 7516 §4.1).
    private static let unsupported = ["crit", "b64", "enc", "zip"]
}

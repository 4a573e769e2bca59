// SPDX-License-Identifier: Apache-2.0

/// A signature algorithm of JWS; there are no others, so that neither `none` nor a MAC can be asked for (RFC 8725 §3.1).
package enum SigningAlgorithm: String, CaseIterable, Sendable {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3).
    case rs256 = "RS256"
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256, salt of 32 bytes (RFC 7518 §3.5).
    case ps256 = "PS256"
    /// ECDSA with P-256 and SHA-256 (RFC 7518 §3.4).
    case es256 = "ES256"
    /// Ed25519 (RFC 8037 §3.1).
    case edDSA = "EdDSA"

    /// Whether the key is an RSA key.
    package var usesRSA: Bool {
        switch self {
        case .rs256, .ps256: true
        case .es256, .edDSA: false
        }
    }

    /// The name by which libcrypto knows the type of key.
    var keyType: String {
        switch self {
        case .rs256, .ps256: "RSA"
        case .es256: "EC"
        case .edDSA: "ED25519"
        }
    }
}

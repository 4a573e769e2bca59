// SPDX-License-Identifier: Apache-2.0

internal import LanyardCrypto

/// A signature algorithm that tokens can be checked with, by its name in `alg`.
///
/// There are no others: neither `none` nor a MAC can be asked for (RFC 8725 §3.1 and §3.2).
@nonexhaustive
public enum SignatureAlgorithm: String, CaseIterable, Sendable {
    /// RSASSA-PKCS1-v1_5 with SHA-256, at least 2048 bits (RFC 7518 §3.3).
    case rs256 = "RS256"
    /// RSASSA-PSS with SHA-256 and a salt of 32 bytes, at least 2048 bits (RFC 7518 §3.5).
    case ps256 = "PS256"
    /// ECDSA with P-256 and SHA-256 (RFC 7518 §3.4).
    case es256 = "ES256"
    /// Ed25519 (RFC 8037 §3.1).
    case edDSA = "EdDSA"

    var signing: SigningAlgorithm {
        switch self {
        case .rs256: .rs256
        case .ps256: .ps256
        case .es256: .es256
        case .edDSA: .edDSA
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardCrypto

extension JSONWebKey {
    /// Members that only a private or a symmetric key has (RFC 7518 §6.2.2, §6.3.2, §6.4.1, RFC 8037 §2).
    static let privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"]

    /// The numbers of a key; `nil` for a type we do not know or a number that is missing.
    static func parameters(of object: JSONObject) -> PublicKey.Parameters? {
        switch (object["kty"], object["crv"]) {
        case ("RSA", _):
            guard let modulus = bytes(of: "n", in: object), let exponent = bytes(of: "e", in: object) else {
                return nil
            }
            return .rsa(modulus: modulus, exponent: exponent)
        case ("EC", "P-256"):
            guard let x = bytes(of: "x", in: object), let y = bytes(of: "y", in: object) else { return nil }
            return .p256(x: x, y: y)
        case ("OKP", "Ed25519"):
            return bytes(of: "x", in: object).map(PublicKey.Parameters.ed25519)
        default: return nil
        }
    }

    /// The one algorithm of a key: its `alg` if that is one for keys of its type, else the only one or RS256.
    static func algorithm(of object: JSONObject, for parameters: PublicKey.Parameters) -> SigningAlgorithm? {
        let allowed: [SigningAlgorithm] =
            switch parameters {
            case .rsa: [.rs256, .ps256]
            case .p256: [.es256]
            case .ed25519: [.edDSA]
            }
        guard let declared = object["alg"] else { return allowed.first }
        return allowed.first { .string($0.rawValue) == declared }
    }

    /// Whether `use` and `key_ops` allow checking signatures (RFC 7517 §4.2, §4.3).
    static func isForVerifying(_ object: JSONObject) -> Bool {
        if let use = object["use"], use != "sig" { return false }
        guard let operations = object["key_ops"] else { return true }
        return operations.array?.contains("verify") ?? false
    }

    private static func bytes(of name: String, in object: JSONObject) -> [UInt8]? {
        object[name]?.string.flatMap { try? Base64URL.decode($0) }
    }
}

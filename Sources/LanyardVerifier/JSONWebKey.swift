// SPDX-License-Identifier: Apache-2.0

package import LanyardCoding
package import LanyardCrypto

/// A public key for signatures, as JWK carries it (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2).
package struct JSONWebKey: Sendable {
    /// The `kid`; `nil` if the key has none.
    package let id: String?

    /// The key, which knows its one algorithm.
    package let publicKey: PublicKey

    /// The numbers of the key.
    let parameters: PublicKey.Parameters

    /// Creates the key as we publish it: the `kid` is the thumbprint.
    package init(_ publicKey: PublicKey) throws(CryptoError) {
        self.publicKey = publicKey
        parameters = try publicKey.parameters
        id = Self.thumbprint(of: parameters)
    }

    /// Reads a JWK; `nil` for one that cannot check the signatures we know, which RFC 7517 §5 says to ignore.
    ///
    /// These are ignored: another `kty`, `crv` or `alg`, a member missing or out of range, RSA outside of 2048 to 8192
    /// bits, a `use` that is not `sig`, `key_ops` without `verify`. An RSA key without `alg` is taken for RS256, which
    /// RFC 9068 §2.1 makes mandatory. Does not look for private members.
    package init?(_ object: JSONObject) {
        guard let parameters = Self.parameters(of: object),
            let algorithm = Self.algorithm(of: object, for: parameters),
            Self.isForVerifying(object),
            let publicKey = try? PublicKey(parameters, algorithm: algorithm)
        else { return nil }
        if let id = object["kid"] {
            guard let text = id.string else { return nil }
            self.id = text
        } else {
            id = nil
        }
        self.publicKey = publicKey
        self.parameters = parameters
    }

    /// The thumbprint: SHA-256 over the required members in their one form, as base64url, 43 characters.
    ///
    /// Source: RFC 7638 §3, RFC 8037 §2.
    package var thumbprint: String { Self.thumbprint(of: parameters) }

    /// Writes the key as an object: `kty`, `kid`, `use`, `alg` and the public numbers, and never anything else.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        switch parameters {
        case .rsa(let modulus, let exponent):
            writer.member("kty", "RSA")
            writeUse(to: &writer)
            writer.member("n", Base64URL.encode(modulus))
            writer.member("e", Base64URL.encode(exponent))
        case .p256(let x, let y):
            writer.member("kty", "EC")
            writeUse(to: &writer)
            writer.member("crv", "P-256")
            writer.member("x", Base64URL.encode(x))
            writer.member("y", Base64URL.encode(y))
        case .ed25519(let x):
            writer.member("kty", "OKP")
            writeUse(to: &writer)
            writer.member("crv", "Ed25519")
            writer.member("x", Base64URL.encode(x))
        }
        writer.endObject()
    }

    private func writeUse(to writer: inout JSONWriter) {
        if let id { writer.member("kid", id) }
        writer.member("use", "sig")
        writer.member("alg", publicKey.algorithm.rawValue)
    }

    /// RFC 7638 §3.2 and §3.3: only the required members, in the order of their names, without blanks.
    private static func thumbprint(of parameters: PublicKey.Parameters) -> String {
        var writer = JSONWriter(capacity: 1_024)
        writer.beginObject()
        switch parameters {
        case .rsa(let modulus, let exponent):
            writer.member("e", Base64URL.encode(exponent))
            writer.member("kty", "RSA")
            writer.member("n", Base64URL.encode(modulus))
        case .p256(let x, let y):
            writer.member("crv", "P-256")
            writer.member("kty", "EC")
            writer.member("x", Base64URL.encode(x))
            writer.member("y", Base64URL.encode(y))
        case .ed25519(let x):
            writer.member("crv", "Ed25519")
            writer.member("kty", "OKP")
            writer.member("x", Base64URL.encode(x))
        }
        writer.endObject()
        return Base64URL.encode(SHA256.digest(writer.finish()))
    }
}

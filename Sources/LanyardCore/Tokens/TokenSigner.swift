// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCrypto

/// Signs claims on one thread at a time: JWTs in the compact form of RFC 7515 §7.1.
final class TokenSigner {
    /// The name that the signatures carry.
    let kid: KeyID
    private let signer: Signer
    /// The encoded header and its dot, the same for every token.
    private let headerPart: [UInt8]

    /// What signs.
    var algorithm: SigningAlgorithm { signer.algorithm }

    /// Creates a signer of tokens whose header says `type` in its `typ`.
    ///
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    init(_ key: SigningKey, type: String) throws(CryptoError) {
        kid = key.kid
        signer = try Signer(key.key)
        var header = JSONWriter()
        header.beginObject()
        header.member("alg", key.key.algorithm.rawValue)
        header.member("kid", key.kid.text)
        header.member("typ", type)
        header.endObject()
        headerPart = Array((Base64URL.encode(header.finish()) + ".").utf8)
    }

    /// Returns the token whose claims set is the JSON object `claims`.
    ///
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    func token(claiming claims: [UInt8]) throws(CryptoError) -> [UInt8] {
        var token = headerPart
        Base64URL.append(claims.span, to: &token)
        let signature = try signer.sign(token)
        token.append(UInt8(ascii: "."))
        Base64URL.append(signature.span, to: &token)
        return token
    }
}

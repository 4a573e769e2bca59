// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardCrypto

extension UnverifiedToken {
    /// Refuses a token whose `typ` is not one of `types` (RFC 8725 §3.11 and §3.12).
    package func requireType(_ types: [TokenType]) throws(TokenError) {
        guard let type = header.type, types.contains(where: { $0.matches(type) }) else { throw .wrongType }
    }

    /// Returns the payload if a key of the issuer has signed the token.
    ///
    /// Says nothing about the type of the token, nor about what the payload says.
    ///
    /// - Parameters:
    ///   - keys: The issuer's current keys.
    ///   - algorithms: The algorithms that are accepted.
    /// - Returns: The bytes that were signed as claims.
    /// - Throws: ``TokenError``, from ``TokenError/unsupportedAlgorithm`` to ``TokenError/badSignature``, or
    ///   ``TokenError/checkFailed``.
    ///
    /// Source: RFC 7515 §5.2; RFC 8725 §3.1 (the algorithm is the key's, and the token's must be the same).
    package func payload(signedBy keys: KeySet, algorithms: [SigningAlgorithm]) throws(TokenError) -> [UInt8] {
        guard let name = header.algorithm,
            let algorithm = algorithms.first(where: { $0.rawValue.hasSameBytes(as: name) })
        else { throw .unsupportedAlgorithm }
        let key = try keys.key(id: header.keyID, algorithm: algorithm)
        let isSigned: Bool
        do { isSigned = try key.isValidSignature(signature, for: message) } catch { throw .checkFailed }
        guard isSigned else { throw .badSignature }
        return payload
    }
}

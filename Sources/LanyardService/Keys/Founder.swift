// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardCrypto
package import LanyardStore
internal import LanyardVerifier

/// Makes what an empty store is given: the first signing key, a refresh MAC key and the password key, all sealed.
package struct Founder: Sendable {
    private let masterKey: MasterKey
    private let signing: ServiceConfiguration.Signing

    /// Creates a founder.
    package init(masterKey: MasterKey, signing: ServiceConfiguration.Signing) {
        self.masterKey = masterKey
        self.signing = signing
    }

    /// Makes new keys and secrets.
    ///
    /// Takes 0.1 to 1.5 s of a core for an RSA key.
    ///
    /// The first key of an empty store signs at once: no verifier can have an older key set.
    ///
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    package func found(isDevelopment: Bool, at now: UnixTime) throws(CryptoError) -> Founding {
        let key = try PrivateKey.generate(signing.algorithm, rsaBits: signing.rsaBits)
        let kid = try JSONWebKey(key.publicKey).thumbprint
        let record = KeyRecord(
            kid: kid, algorithm: key.algorithm.rawValue, state: .active,
            publicKey: try key.publicKey.subjectPublicKeyInfo,
            sealedPrivateKey: try masterKey.seal(try key.pkcs8, row: kid), createdAt: now, signsFrom: now)
        return Founding(
            isDevelopment: isDevelopment, keys: [record],
            secrets: [try secret(for: .refresh, at: now), try secret(for: .password, at: now)])
    }

    private func secret(for purpose: SecretRecord.Purpose, at now: UnixTime) throws(CryptoError) -> SecretRecord {
        let id = "\(purpose.rawValue)-\(SecureRandom.bytes(8).hexadecimal)"
        let secret = Secret(SecureRandom.bytes(AES256GCM.keyByteCount))
        return SecretRecord(id: id, purpose: purpose, sealed: try masterKey.seal(secret, row: id), createdAt: now)
    }
}

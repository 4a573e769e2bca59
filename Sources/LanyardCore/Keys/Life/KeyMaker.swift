// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardCrypto
package import LanyardStore
internal import LanyardVerifier

/// Makes keys and secrets, sealed as the store holds them.
package struct KeyMaker: Sendable {
    private let masterKey: MasterKey
    private let policy: KeyPolicy

    /// Creates a maker.
    package init(masterKey: MasterKey, policy: KeyPolicy) {
        self.masterKey = masterKey
        self.policy = policy
    }

    /// Makes what an empty store is given: the first signing key, a refresh MAC key and the password key.
    ///
    /// The first key of an empty store signs at once: no verifier can have an older key set.
    ///
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    package func founding(isDevelopment: Bool, at now: UnixTime) throws(CryptoError) -> Founding {
        var key = try record(of: newKey(), at: now, lead: .zero)
        key.state = .active
        return Founding(
            isDevelopment: isDevelopment, keys: [key],
            secrets: [try secret(for: .refresh, at: now), try secret(for: .password, at: now)])
    }

    /// Makes a key as the policy wants it.
    ///
    /// Takes 0.1 to 1.5 s of a core for an RSA key.
    ///
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    package func newKey() throws(CryptoError) -> PrivateKey {
        try PrivateKey.generate(policy.algorithm, rsaBits: policy.rsaBits)
    }

    /// Returns `key` as the store holds one that signs `lead` from now.
    ///
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    package func record(of key: PrivateKey, at now: UnixTime, lead: Duration) throws(CryptoError) -> KeyRecord {
        let kid = KeyID(try JSONWebKey(key.publicKey).thumbprint)
        return KeyRecord(
            kid: kid, algorithm: key.algorithm.rawValue, state: .next,
            publicKey: try key.publicKey.subjectPublicKeyInfo,
            sealedPrivateKey: try masterKey.seal(try key.pkcs8, row: kid.text), createdAt: now, signsFrom: now + lead,
            lead: lead)
    }

    /// Makes a secret.
    ///
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    package func secret(for purpose: SecretRecord.Purpose, at now: UnixTime) throws(CryptoError) -> SecretRecord {
        let id = KeyID("\(purpose.rawValue)-\(SecureRandom.bytes(8).hexadecimal)")
        let secret = Secret(SecureRandom.bytes(AES256GCM.keyByteCount))
        return SecretRecord(id: id, purpose: purpose, sealed: try masterKey.seal(secret, row: id.text), createdAt: now)
    }
}

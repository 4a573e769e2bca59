// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardCrypto
package import LanyardStore
package import LanyardVerifier

/// The keys and secrets of a store, opened: read once, then only used.
package struct Keyring: Sendable {
    /// The key that signs now.
    package let active: SigningKey
    /// All keys that are published, in the order they were made.
    package let published: KeySet
    /// Makes and checks the MAC of refresh tokens.
    package let refresh: RefreshTokenCodec
    /// Seals and opens stored password hashes.
    package let passwords: PasswordSeal

    /// Opens all seals of `foundation`.
    ///
    /// - Throws: ``KeyringError``; nothing is changed then.
    package init(opening foundation: Foundation, with masterKey: MasterKey) throws(KeyringError) {
        var active: SigningKey?
        var published: [JSONWebKey] = []
        for record in foundation.keys {
            published.append(try JSONWebKey(opening: record))
            if record.state == .active {
                active = try SigningKey(opening: record, with: masterKey)
            }
        }
        var refresh: [HMACSHA256] = []
        var password: AES256GCM?
        for record in foundation.secrets {
            let secret = try masterKey.open(record.sealed, row: record.id)
            guard secret.reveal().count == AES256GCM.keyByteCount else { throw .damagedKey(id: record.id) }
            switch record.purpose {
            case .refresh: refresh.append(HMACSHA256(key: secret))
            case .password: password = AES256GCM(key: secret)
            }
        }
        guard let active, let password, let newest = refresh.last else { throw .incomplete }
        self.active = active
        self.published = KeySet(published)
        self.refresh = RefreshTokenCodec(newest: newest, previous: refresh.dropLast().last)
        passwords = PasswordSeal(cipher: password)
    }
}

extension JSONWebKey {
    /// Reads the public half of a stored key, which is published under its thumbprint.
    fileprivate init(opening record: KeyRecord) throws(KeyringError) {
        guard let algorithm = SigningAlgorithm(rawValue: record.algorithm),
            let key = try? PublicKey(subjectPublicKeyInfo: record.publicKey, algorithm: algorithm),
            let published = try? JSONWebKey(key), published.id == record.kid
        else { throw .damagedKey(id: record.kid) }
        self = published
    }
}

/// A private key with the name that its signatures carry.
package struct SigningKey: Sendable {
    /// The RFC 7638 thumbprint.
    package let kid: String
    /// The key.
    package let key: PrivateKey

    init(opening record: KeyRecord, with masterKey: MasterKey) throws(KeyringError) {
        guard let algorithm = SigningAlgorithm(rawValue: record.algorithm), let sealed = record.sealedPrivateKey else {
            throw .damagedKey(id: record.kid)
        }
        let der = try masterKey.open(sealed, row: record.kid)
        guard let key = try? PrivateKey(pkcs8: der, algorithm: algorithm) else { throw .damagedKey(id: record.kid) }
        kid = record.kid
        self.key = key
    }

    /// Creates a signing key.
    package init(kid: String, key: PrivateKey) {
        self.kid = kid
        self.key = key
    }
}

// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardCrypto
package import LanyardStore
package import LanyardVerifier

/// The keys and secrets of a store, opened: read once, then only used.
package struct Keyring: Sendable {
    /// The key that signs.
    package let active: SigningKey
    /// When the key that signs began to.
    package let signsSince: UnixTime
    /// The keys of the key set, in the order they were made.
    package let published: KeySet
    /// The keys whose signatures the service itself accepts: those that have left the set too, unless they were revoked.
    package let accepted: KeySet
    /// Seals and opens stored password hashes.
    package let passwords: PasswordSeal
    /// What the MAC of refresh tokens is made and checked with, oldest first.
    private let refreshKeys: [RefreshKey]

    private struct RefreshKey: Sendable {
        let id: KeyID
        let code: HMACSHA256
    }

    /// Opens all seals of `foundation`.
    ///
    /// - Parameters:
    ///   - foundation: What the store holds.
    ///   - masterKey: What made the seals.
    ///   - earlier: What was opened before. Its keys are used on: a process that does not have the newest master key yet
    ///     goes on with what it knows.
    /// - Throws: ``KeyringError``; nothing is changed then.
    package init(
        opening foundation: Foundation, with masterKey: MasterKey, reusing earlier: Keyring? = nil
    ) throws(KeyringError) {
        var published: [JSONWebKey] = []
        var accepted: [JSONWebKey] = []
        for record in foundation.keys {
            let key = try JSONWebKey(opening: record)
            if record.isPublished { published.append(key) }
            if record.isAccepted { accepted.append(key) }
        }
        guard let record = foundation.activeKey else { throw .incomplete }
        signsSince = record.signsFrom
        active =
            if let earlier, earlier.active.kid == record.kid {
                earlier.active
            } else {
                try SigningKey(opening: record, with: masterKey)
            }
        var refreshKeys: [RefreshKey] = []
        for record in foundation.refreshSecrets {
            let known = earlier?.refreshKeys.first { $0.id == record.id }
            if let known {
                refreshKeys.append(known)
            } else {
                refreshKeys.append(RefreshKey(id: record.id, code: HMACSHA256(key: try masterKey.open(record))))
            }
        }
        guard !refreshKeys.isEmpty else { throw .incomplete }
        if let earlier {
            passwords = earlier.passwords
        } else {
            guard let record = foundation.secrets.last(where: { $0.purpose == .password }) else { throw .incomplete }
            passwords = PasswordSeal(key: try masterKey.open(record))
        }
        self.published = KeySet(published)
        self.accepted = KeySet(accepted)
        self.refreshKeys = refreshKeys
    }

    /// Returns what makes refresh tokens with the secret that has this id, and checks with the two newest.
    package func refreshTokens(makingWith id: KeyID? = nil) -> RefreshTokenCodec {
        let checkers = Array(refreshKeys.suffix(2))
        guard let newest = checkers.last else { preconditionFailure("a keyring has a refresh key") }
        let maker = checkers.first { $0.id == id } ?? newest
        return RefreshTokenCodec(maker: maker.code, others: checkers.filter { $0.id != maker.id }.map(\.code))
    }

    /// Returns what seals all rows of `foundation` with the newest master key; `nil` if they are.
    ///
    /// - Throws: ``KeyringError``.
    package static func resealing(
        _ foundation: Foundation, with masterKey: MasterKey
    ) throws(KeyringError) -> KeyChange? {
        var change = KeyChange()
        for var key in foundation.keys {
            guard let sealed = key.sealedPrivateKey, let seal = try masterKey.reseal(sealed, row: key.kid.text) else {
                continue
            }
            key.sealedPrivateKey = seal
            change.keys.append(key)
        }
        for var secret in foundation.secrets {
            guard let seal = try masterKey.reseal(secret.sealed, row: secret.id.text) else { continue }
            secret.sealed = seal
            change.secrets.append(secret)
        }
        return change == KeyChange() ? nil : change
    }
}

extension MasterKey {
    fileprivate func open(_ record: SecretRecord) throws(KeyringError) -> Secret<[UInt8]> {
        let secret = try open(record.sealed, row: record.id.text)
        guard secret.reveal().count == AES256GCM.keyByteCount else { throw .damagedKey(id: record.id.text) }
        return secret
    }
}

extension JSONWebKey {
    /// Reads the public half of a stored key, which is published under its thumbprint.
    package init(opening record: KeyRecord) throws(KeyringError) {
        guard let algorithm = SigningAlgorithm(rawValue: record.algorithm),
            let key = try? PublicKey(subjectPublicKeyInfo: record.publicKey, algorithm: algorithm),
            let published = try? JSONWebKey(key), published.id.map({ KeyID($0) }) == record.kid
        else { throw .damagedKey(id: record.kid.text) }
        self = published
    }
}

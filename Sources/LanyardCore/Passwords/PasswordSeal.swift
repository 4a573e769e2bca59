// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardCrypto
package import LanyardPasswords
package import LanyardStore

/// Seals stored password hashes, so that a copy of the store alone gives nothing to guess against.
package struct PasswordSeal: Sendable {
    private let cipher: AES256GCM
    private let key: Secret<[UInt8]>
    /// Selects decoys.
    private let decoyCode: HMACSHA256

    init(key: Secret<[UInt8]>) {
        cipher = AES256GCM(key: key)
        self.key = key
        decoyCode = Self.code(for: "lanyard decoys of unknown names", derivedFrom: key)
    }

    /// Returns a MAC whose key follows from the one that seals, which no rotation replaces: the same on every replica.
    ///
    /// One key for each purpose: the MAC of a fixed label is as good as a random key to anybody who does not know the secret.
    func code(for purpose: String) -> HMACSHA256 { Self.code(for: purpose, derivedFrom: key) }

    private static func code(for purpose: String, derivedFrom key: Secret<[UInt8]>) -> HMACSHA256 {
        HMACSHA256(key: Secret(HMACSHA256(key: key).authenticationCode(for: Array(purpose.utf8))))
    }

    /// Seals a hash for the account with this id: a box moved to another account does not open.
    ///
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    package func seal(_ hash: PasswordHash, account id: AccountID) throws(CryptoError) -> [UInt8] {
        try cipher.seal(Array(hash.phcString.utf8), context: Array(id.text.utf8))
    }

    /// Seals a hash for the account with this id, as it is written to the store.
    ///
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    package func stored(_ hash: PasswordHash, account id: AccountID) throws(CryptoError) -> StoredPassword {
        StoredPassword(sealed: try seal(hash, account: id), scheme: hash.kind.text)
    }

    /// Opens the hash of the account with this id.
    ///
    /// - Throws: ``KeyringError/damagedSeal(row:)`` if the box is another account's, or was changed;
    ///   ``KeyringError/damagedKey(id:)`` if what is in it is no hash.
    package func open(_ sealed: [UInt8], account id: AccountID) throws(KeyringError) -> PasswordHash {
        guard let text = try? cipher.open(sealed, context: Array(id.text.utf8)) else {
            throw .damagedSeal(row: id.text)
        }
        guard let hash = try? PasswordHash(phc: text) else { throw .damagedKey(id: id.text) }
        return hash
    }

    /// Returns the MAC of a name as a fraction of 2^64: evenly distributed, and known to nobody without the key.
    func decoyFraction(of name: String) -> UInt64 {
        decoyCode.authenticationCode(for: Array(name.utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

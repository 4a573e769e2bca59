// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardCrypto
package import LanyardPasswords

/// Seals stored password hashes, so that a copy of the store alone gives nothing to guess against.
package struct PasswordSeal: Sendable {
    private let cipher: AES256GCM
    /// What failed tries are counted under, by a key that follows from the one that seals.
    let tryKeys: TryKeys

    init(key: Secret<[UInt8]>) {
        cipher = AES256GCM(key: key)
        tryKeys = TryKeys(derivedFrom: key)
    }

    /// Seals a hash for the account with this id: a box moved to another account does not open.
    ///
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    package func seal(_ hash: PasswordHash, account id: String) throws(CryptoError) -> [UInt8] {
        try cipher.seal(Array(hash.phcString.utf8), context: Array(id.utf8))
    }

    /// Opens the hash of the account with this id.
    ///
    /// - Throws: ``KeyringError/damagedSeal(row:)`` if the box is another account's, or was changed;
    ///   ``KeyringError/damagedKey(id:)`` if what is in it is no hash.
    package func open(_ sealed: [UInt8], account id: String) throws(KeyringError) -> PasswordHash {
        guard let text = try? cipher.open(sealed, context: Array(id.utf8)) else { throw .damagedSeal(row: id) }
        guard let hash = try? PasswordHash(phc: text) else { throw .damagedKey(id: id) }
        return hash
    }
}

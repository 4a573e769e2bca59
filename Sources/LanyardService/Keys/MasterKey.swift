// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardCrypto

/// The key that seals the few rows everything else hangs on.
///
/// A seal is the id of the key that made it (8 bytes) ‖ an AES-256-GCM box. The id says, before anything is opened,
/// whether a seal is another key's, so that a wrong master key is told apart from damaged data.
package struct MasterKey: Sendable {
    private let id: [UInt8]
    private let cipher: AES256GCM

    /// Creates the key from its 32 bytes.
    package init(_ key: Secret<[UInt8]>) {
        // The digest of the key under a name of its own tells nothing of the key.
        id = Array(
            HMACSHA256(key: key).authenticationCode(for: Array("lanyard master key id".utf8)).prefix(Self.idByteCount))
        cipher = AES256GCM(key: key)
    }

    /// Seals `plaintext` for the row named `row`.
    ///
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    package func seal(_ plaintext: Secret<[UInt8]>, row: String) throws(CryptoError) -> [UInt8] {
        try id + cipher.seal(plaintext.reveal(), context: Array(row.utf8))
    }

    /// Opens the seal of the row named `row`.
    ///
    /// - Throws: ``KeyringError/wrongMasterKey`` if another key made the seal; ``KeyringError/damagedSeal(row:)`` if the
    ///   bytes were changed or belong to another row.
    package func open(_ seal: [UInt8], row: String) throws(KeyringError) -> Secret<[UInt8]> {
        guard seal.count > Self.idByteCount else { throw .damagedSeal(row: row) }
        guard seal.starts(with: id) else { throw .wrongMasterKey }
        do {
            return Secret(try cipher.open(Array(seal.dropFirst(Self.idByteCount)), context: Array(row.utf8)))
        } catch {
            throw .damagedSeal(row: row)
        }
    }

    private static let idByteCount = 8
}

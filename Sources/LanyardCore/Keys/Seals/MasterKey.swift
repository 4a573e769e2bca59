// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardCrypto

/// The key that seals the few rows everything else hangs on.
///
/// A seal is the id of the key that made it (8 bytes) ‖ an AES-256-GCM box. The id says, before anything is opened,
/// whether a seal is another key's, so that a wrong master key is told apart from damaged data.
///
/// While the key is replaced, its predecessor opens what it has sealed; nothing is sealed with that any more.
package struct MasterKey: Sendable {
    private let newest: SealingKey
    private let before: SealingKey?

    /// Creates the key from its 32 bytes, and from those of the one before while that is replaced.
    package init(_ key: Secret<[UInt8]>, before: Secret<[UInt8]>? = nil) {
        newest = SealingKey(key)
        self.before = before.map { SealingKey($0) }
    }

    /// Seals `plaintext` for the row named `row`.
    ///
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    package func seal(_ plaintext: Secret<[UInt8]>, row: String) throws(CryptoError) -> [UInt8] {
        try newest.id + newest.cipher.seal(plaintext.reveal(), context: Array(row.utf8))
    }

    /// Opens the seal of the row named `row`.
    ///
    /// - Throws: ``KeyringError/wrongMasterKey`` if another key made the seal; ``KeyringError/damagedSeal(row:)`` if the
    ///   bytes were changed or belong to another row.
    package func open(_ seal: [UInt8], row: String) throws(KeyringError) -> Secret<[UInt8]> {
        guard seal.count > SealingKey.idByteCount else { throw .damagedSeal(row: row) }
        guard let key = [newest, before].compactMap(\.self).first(where: { seal.starts(with: $0.id) }) else {
            throw .wrongMasterKey
        }
        do {
            return Secret(try key.cipher.open(Array(seal.dropFirst(SealingKey.idByteCount)), context: Array(row.utf8)))
        } catch {
            throw .damagedSeal(row: row)
        }
    }

    /// Returns the seal made anew with the newest key; `nil` if that made it already.
    ///
    /// - Throws: ``KeyringError``; a seal that cannot be made is ``KeyringError/damagedSeal(row:)``.
    func reseal(_ seal: [UInt8], row: String) throws(KeyringError) -> [UInt8]? {
        guard !seal.starts(with: newest.id) else { return nil }
        let plaintext = try open(seal, row: row)
        guard let seal = try? self.seal(plaintext, row: row) else { throw .damagedSeal(row: row) }
        return seal
    }
}

/// One key that seals, and the id that its seals carry.
private struct SealingKey: Sendable {
    let id: [UInt8]
    let cipher: AES256GCM

    init(_ key: Secret<[UInt8]>) {
        // The digest of the key under a name of its own tells nothing of the key.
        id = Array(
            HMACSHA256(key: key).authenticationCode(for: Array("lanyard master key id".utf8)).prefix(Self.idByteCount))
        cipher = AES256GCM(key: key)
    }

    static let idByteCount = 8
}

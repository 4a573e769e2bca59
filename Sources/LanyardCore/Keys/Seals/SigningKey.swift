// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardCrypto
internal import LanyardStore

/// A private key with the name that its signatures carry.
package struct SigningKey: Sendable {
    /// The RFC 7638 thumbprint.
    package let kid: KeyID
    /// The key.
    package let key: PrivateKey

    init(opening record: KeyRecord, with masterKey: MasterKey) throws(KeyringError) {
        guard let algorithm = SigningAlgorithm(rawValue: record.algorithm), let sealed = record.sealedPrivateKey else {
            throw .damagedKey(id: record.kid.text)
        }
        let der = try masterKey.open(sealed, row: record.kid.text)
        guard let key = try? PrivateKey(pkcs8: der, algorithm: algorithm) else {
            throw .damagedKey(id: record.kid.text)
        }
        kid = record.kid
        self.key = key
    }

    /// Creates a signing key.
    package init(kid: KeyID, key: PrivateKey) {
        self.kid = kid
        self.key = key
    }
}

// SPDX-License-Identifier: Apache-2.0

package import LanyardCrypto
internal import LanyardStore

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

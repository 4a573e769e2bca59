// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardCrypto

/// A file with a private key that somebody brings along: PEM or a JWK.
///
/// Of PEM, `PRIVATE KEY` (PKCS#8), `RSA PRIVATE KEY` and `EC PRIVATE KEY` are read, none of them encrypted. There must be
/// one; blocks that are no private keys, such as certificates, and text between blocks mean nothing. Of JWK, see
/// ``PrivateJSONWebKey``. Each key is checked: that its numbers belong together, and that they are large enough.
package enum KeyFile {
    /// The size of the largest file that is read: 65,536 bytes.
    package static let maximumBytes = 65_536

    /// Reads the one private key of a file.
    ///
    /// Takes up to seconds of a core for RSA, whose primes are tested.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - algorithm: What an RSA key that does not say so itself is used with, if it is RS256 or PS256; otherwise RS256.
    /// - Returns: The key, with the one algorithm that it is used with from now on.
    /// - Throws: ``KeyFileError``.
    package static func read(
        _ bytes: Secret<[UInt8]>, preferring algorithm: SigningAlgorithm
    ) throws(KeyFileError) -> PrivateKey {
        let text = bytes.reveal()
        guard text.count <= maximumBytes else { throw .tooLarge(limitBytes: maximumBytes) }
        // RFC 8259 §2: these may stand in front of a JSON value.
        guard let first = text.first(where: { !" \t\r\n".utf8.contains($0) }) else { throw .noKey }
        guard first == UInt8(ascii: "{") else { return try readPEM(bytes, preferring: algorithm) }
        return try PrivateJSONWebKey(parsing: bytes).key(preferring: algorithm)
    }

    private static func readPEM(
        _ text: Secret<[UInt8]>, preferring algorithm: SigningAlgorithm
    ) throws(KeyFileError) -> PrivateKey {
        let blocks: [PEMBlock]
        do { blocks = try PEMBlock.blocks(of: text) } catch { throw KeyFileError(error) }
        let candidates = blocks.filter { $0.label.hasSuffix("PRIVATE KEY") }
        guard let block = candidates.first else { throw blocks.contains(where: \.isPublic) ? .publicOnly : .noKey }
        guard candidates.count == 1 else { throw .severalKeys }
        guard !block.isEncrypted else { throw .encrypted }
        let form: PrivateKeyDER
        switch block.label {
        case "PRIVATE KEY": form = .pkcs8
        case "RSA PRIVATE KEY": form = .rsa
        case "EC PRIVATE KEY": form = .ec
        case "ENCRYPTED PRIVATE KEY": throw .encrypted
        default: throw .unsupported
        }
        do {
            return try PrivateKey(checking: block.content, as: form, preferring: algorithm)
        } catch {
            throw KeyFileError(error)
        }
    }
}

extension PEMBlock {
    fileprivate var isPublic: Bool { label.hasSuffix("PUBLIC KEY") || label.hasSuffix("CERTIFICATE") }
}

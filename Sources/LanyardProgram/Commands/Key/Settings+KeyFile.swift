// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LanyardBase
internal import LanyardCore
internal import LanyardCrypto

extension Settings {
    /// Reads the private key in a file that only its owner can read.
    ///
    /// - Parameter path: Where the file is.
    /// - Returns: The key; an RSA key that does not say for what it is used is for the algorithm of the settings.
    /// - Throws: A failure with status 65.
    func readKeyFile(at path: String) throws(Failure) -> PrivateKey {
        let place = path.escapingControls
        let bytes: [UInt8]
        let mode: UInt32
        do throws(FileError) {
            // Nobody need ever write to a named pipe; opened so, it is not waited for.
            let file = try FileDescriptor(opening: path, flags: O_RDONLY | O_NONBLOCK)
            // The mode of the open file, not of the path: the two could differ a moment later.
            let status = try file.status()
            guard status.st_mode & S_IFMT == S_IFREG else { throw FileError.system(code: EINVAL) }
            mode = status.st_mode & 0o7777
            bytes = try file.readText(limit: KeyFile.maximumBytes)
        } catch {
            throw Failure(.data, "cannot read \(place): \(error.reason)")
        }
        guard mode & 0o077 == 0 else {
            throw Failure(
                .data,
                "others can read \(place) (mode \(String(mode, radix: 8))), so the key in it may be known; make a new key, "
                    + "or 'chmod 600' the file if nobody has read it")
        }
        do throws(KeyFileError) {
            return try KeyFile.read(Secret(bytes), preferring: keys.policy.algorithm)
        } catch {
            throw Failure(.data, "\(place) \(error.predicate)")
        }
    }
}

extension KeyFileError {
    /// What is to be said of the file, and what to do.
    fileprivate var predicate: String {
        switch self {
        case .tooLarge(let limit): "is longer than \(limit) bytes; a key is not"
        case .noKey: "holds no private key: neither PEM nor a JWK"
        case .encrypted: "is encrypted; decrypt it first, with 'openssl pkcs8 -in FILE -out NEW' under umask 077"
        case .publicOnly: "holds a public key or a certificate, and no private key"
        case .severalKeys: "holds more than one private key; leave one"
        case .keySet: "is a JWK Set; give one of its keys"
        case .symmetric:
            "holds a symmetric key, with which every verifier could sign; bring an RSA, P-256 or Ed25519 key"
        case .unsupported: "holds a key of another kind; bring an RSA, P-256 or Ed25519 key"
        case .weak(let bits): "holds an RSA key of \(bits) bits, which is too short; bring one of 2048 or more"
        case .tooLong(let bits): "holds an RSA key of \(bits) bits, which is too long for verifiers; at most 8192"
        case .weakExponent: "holds an RSA key whose public exponent is even, under 65537 or over 64 bits"
        case .damaged: "is damaged: it is cut off, was changed, or the numbers of the key do not belong together"
        case .missingMember(let name): "is a JWK without the member \(name); export the key again with all its members"
        case .notForSigning: "is a JWK that is not for making signatures, by its use or key_ops"
        case .wrongAlgorithm: "is a JWK whose alg is not RS256, PS256, ES256 or EdDSA, or not one for its kind of key"
        case .failed: "cannot be read: the cryptographic library failed"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LanyardBase
package import LanyardHTTP

extension Settings {
    /// Reads the certificate and the key that the listeners speak TLS with.
    ///
    /// - Parameter environment: Says where the service manager keeps secrets, which others may read the key of.
    /// - Returns: Both, fit for each other; `nil` without TLS.
    /// - Throws: A failure with status 78, or 77 for a file that this user cannot read, that names the setting.
    package func tlsContext(environment: [String: String]) throws(Failure) -> TLSServerContext? {
        guard let certificatePath = http.tlsCertificate, let keyPath = http.tlsKey else { return nil }
        let certificate = try Self.certificatePEM(at: certificatePath)
        let key: Secret<String>
        do {
            key = try SecretFile(keyPath, namedBy: Self.keyName, environment: environment).read()
        } catch {
            throw error.failure
        }
        do throws(TLSConfigurationError) {
            return try TLSServerContext(certificatePEM: certificate, keyPEM: Array(key.reveal().utf8))
        } catch {
            throw Failure(.settings, Self.message(error, certificatePath, keyPath))
        }
    }

    /// Reads the file that ``HTTPSettings/tlsCertificate`` names.
    static func certificatePEM(at path: String) throws(Failure) -> [UInt8] {
        do throws(FileError) {
            return try FileDescriptor(opening: path, flags: O_RDONLY).readText(limit: chainLimitBytes)
        } catch {
            throw SettingsError.unreadable(name: certificateName, path: path, error).failure
        }
    }

    private static func message(
        _ error: TLSConfigurationError, _ certificatePath: String, _ keyPath: String
    ) -> String {
        let certificate = "\(certificatePath), which \(certificateName) names,"
        let key = "\(keyPath), which \(keyName) names,"
        return switch error {
        case .noCertificate:
            "\(certificate) holds no certificate; put the server's there in PEM form, and the chain behind it"
        case .malformedCertificate:
            "\(certificate) holds a certificate that cannot be read; write the file anew, in PEM form"
        case .weakCertificate:
            "\(certificate) holds a certificate that clients do not trust, by SHA-1 or a short key; have a new one issued"
        case .noKey:
            "\(key) holds no private key; put the one of the certificate there in PEM form"
        case .malformedKey:
            "\(key) holds a key that cannot be read; write the file anew, in PEM form"
        case .encryptedKey:
            "\(key) is encrypted, and nobody is there to be asked; decrypt it with 'openssl pkey -in FILE -out NEW'"
        case .unsupportedKey:
            "\(key) holds a key that TLS has no signature for; use RSA, P-256, P-384, P-521, Ed25519 or Ed448"
        case .weakKey(let bits):
            "\(key) holds a key of \(bits) bits; use RSA from 2048 bits on, or P-256"
        case .keyMismatch:
            "\(key) holds another key than that of the first certificate in \(certificatePath); the server's comes first"
        case .library(let code):
            "OpenSSL cannot serve \(certificatePath) with \(keyPath): error \(String(code, radix: 16, uppercase: true))"
        }
    }

    private static let certificateName = "LANYARD_HTTP_TLS_CERTIFICATE"
    private static let keyName = "LANYARD_HTTP_TLS_KEY"
    /// A chain of ten certificates has some 20 KB.
    private static let chainLimitBytes = 1 << 20
}

extension TLSServerContext {
    /// What is to be said about the certificate's time; `nil` if it is good for a while.
    func warning(at now: UnixTime) -> String? {
        switch validity(at: now) {
        case .notYetValid: "the certificate of LANYARD_HTTP_TLS_CERTIFICATE is not valid before \(notBefore.rfc3339)"
        case .valid: nil
        case .endsSoon: "the certificate of LANYARD_HTTP_TLS_CERTIFICATE expires at \(notAfter.rfc3339)"
        case .expired: "the certificate of LANYARD_HTTP_TLS_CERTIFICATE expired at \(notAfter.rfc3339)"
        }
    }
}

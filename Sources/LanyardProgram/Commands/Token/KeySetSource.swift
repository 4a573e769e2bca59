// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LanyardCoding
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardVerifier

/// Where `token verify` gets its key set from.
enum KeySetSource {
    case issuer(IssuerURL)
    case file(String)

    /// Takes exactly one of the two options.
    init(issuer: String?, file: String?) throws(Failure) {
        switch (issuer, file) {
        case (let url?, nil):
            guard let issuer = IssuerURL(parsing: url) else {
                throw Failure(.usage, "--issuer \(url) is not allowed; use \(SettingKind<IssuerURL>.issuer.allowed)")
            }
            self = .issuer(issuer)
        case (nil, let file?):
            self = .file(file)
        default:
            throw Failure(.usage, "give either --issuer URL or --jwks FILE; see 'lanyard help token verify'")
        }
    }

    /// Reads the key set.
    ///
    /// - Throws: A failure with status 65 if the file is unreadable or holds none, with 69 if the issuer gives none.
    func keys() throws(Failure) -> KeySet {
        switch self {
        case .file(let path):
            let bytes: [UInt8]
            do throws(FileError) {
                bytes = try FileDescriptor(opening: path, flags: O_RDONLY).readText(limit: KeySet.maximumBytes)
            } catch {
                throw Failure(.data, "cannot read \(path): \(error.reason)")
            }
            return try keySet(bytes, from: path, otherwise: .data)
        case .issuer(let issuer):
            let url = try Discovery(client: Client()).keySetURL(of: issuer)
            return try keySet(Discovery.content(of: url, with: Client()), from: url, otherwise: .unavailable)
        }
    }

    private func keySet(_ bytes: [UInt8], from place: String, otherwise status: ExitStatus) throws(Failure) -> KeySet {
        do throws(KeySetError) {
            return try KeySet(parsing: bytes)
        } catch {
            throw Failure(status, "\(place) does not hold a key set: \(error.reason)")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import LanyardHTTP

extension Settings {
    /// Reads the files that settings name, and the master key, so that `config check` finds what a start would trip over.
    ///
    /// Files with secrets that are settings themselves were read with the settings.
    ///
    /// - Returns: The certificate with its key, if there is one.
    /// - Throws: The failure that a start would end with.
    package func checkFiles(environment: [String: String]) throws(Failure) -> TLSServerContext? {
        if keys.master == nil { _ = try MasterKeyFile.load(from: masterKeyPath) }
        for record in records where Self.namingFiles.contains(record.setting.key) {
            guard let path = record.text else { continue }
            do {
                _ = try FileDescriptor(opening: path, flags: O_RDONLY).readText(limit: Self.fileLimitBytes)
            } catch {
                throw SettingsError.unreadable(name: record.setting.name, path: path, error).failure
            }
        }
        return try tlsContext(environment: environment)
    }

    /// The settings whose value is the path of a file to be read.
    private static let namingFiles: Set = ["passwords.blocklist"]
    /// A list of ten million passwords has some 90 MB.
    private static let fileLimitBytes = 256 << 20
}

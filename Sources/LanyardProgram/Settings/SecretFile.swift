// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import LanyardBase

/// A file that holds one secret: a key, a URL with a password.
package struct SecretFile: Sendable {
    /// Where it lies.
    package let path: String
    /// Who names the file, for messages: a setting.
    package let name: String
    private let guarded: GuardedFolders

    /// Names a file.
    package init(_ path: String, namedBy name: String, environment: [String: String]) {
        self.path = path
        self.name = name
        guarded = GuardedFolders(environment: environment)
    }

    /// Reads the secret, without the line feed and blanks around it.
    ///
    /// - Throws: ``SettingsError/exposed(name:path:mode:)`` if others may read it or the group may write it,
    ///   ``SettingsError/empty(name:path:)``, or ``SettingsError/unreadable(name:path:_:)``.
    package func read() throws(SettingsError) -> Secret<String> {
        let text: String
        let mode: UInt32
        do throws(FileError) {
            let file = try FileDescriptor(opening: path, flags: O_RDONLY)
            // The mode of the open file, not of the path: the two could differ a moment later.
            mode = try file.status().st_mode & 0o7777
            text = String(decoding: try file.readText(limit: Self.limitBytes), as: UTF8.self)
        } catch {
            throw .unreadable(name: name, path: path, error)
        }
        guard !guarded.expose(path, mode: mode) else { throw .exposed(name: name, path: path, mode: mode) }
        let secret = text.trimmingBlankLines
        guard !secret.isEmpty else { throw .empty(name: name, path: path) }
        return Secret(secret)
    }

    /// A key takes 43 bytes and a URL a few hundred.
    package static let limitBytes = 16_384
}

extension String {
    fileprivate var trimmingBlankLines: String {
        var rest = unicodeScalars[...]
        let isBlank: (Unicode.Scalar) -> Bool = { [" ", "\t", "\r", "\n"].contains($0) }
        while let first = rest.first, isBlank(first) { rest = rest.dropFirst() }
        while let last = rest.last, isBlank(last) { rest = rest.dropLast() }
        return String(rest)
    }
}

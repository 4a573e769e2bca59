// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The folders where a container engine or systemd keeps other users out, whatever the mode of a file in them says.
package struct GuardedFolders: Sendable {
    private let credentialsDirectory: String?

    /// Knows `/run/secrets`, and the folder that systemd names in `$CREDENTIALS_DIRECTORY`.
    package init(environment: [String: String]) {
        credentialsDirectory = environment["CREDENTIALS_DIRECTORY"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Returns whether the file at `path` is in one of them.
    package func contain(_ path: String) -> Bool {
        guard let file = resolved(path) else { return false }
        return ["/run/secrets", credentialsDirectory].contains { folder in
            guard let folder, let place = resolved(folder) else { return false }
            return file.hasPrefix(place + "/")
        }
    }

    /// Returns whether a file at `path` with the permission bits `mode` is readable by others, or writable by its group.
    package func expose(_ path: String, mode: UInt32) -> Bool { mode & 0o027 != 0 && !contain(path) }
}

/// Returns the path without links and dots.
///
/// The C function is `realpath`.
private func resolved(_ path: String) -> String? {
    guard let text = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(text) }
    return unsafe String(cString: text)
}

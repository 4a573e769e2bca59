// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension Settings {
    /// Finds files and folders through which another user could change what this service trusts.
    ///
    /// - Parameter user: Whom this process runs as; what root owns is as safe as root is.
    /// - Returns: A sentence for each, with what to do.
    package func exposures(toOthersThan user: UInt32) -> [String] {
        var folders = [dataDirectory]
        if case .sqlite(let path) = store.location { folders.append(folderOf(path)) }
        var secrets = records.compactMap(\.secretFile)
        if keys.master == nil { secrets.append(masterKeyPath) }
        if let key = http.tlsKey { secrets.append(key) }
        return distinct(folders).compactMap { Self.exposure(ofFolder: $0, user) }
            + distinct(secrets).compactMap { Self.exposure(ofSecret: $0, user) }
    }

    private static func exposure(ofFolder path: String, _ user: UInt32) -> String? {
        guard let status = status(of: path) else { return nil }
        if status.st_mode & 0o022 != 0 {
            return "others can write to the folder \(absolute(path)), and so replace the store and its keys; "
                + "run chmod 700 on it"
        }
        guard status.st_uid != user, status.st_uid != 0 else { return nil }
        return "the folder \(absolute(path)) belongs to another user (uid \(status.st_uid)), "
            + "who can replace the store and its keys; run chown on it"
    }

    private static func exposure(ofSecret path: String, _ user: UInt32) -> String? {
        guard let status = status(of: path), status.st_uid != user, status.st_uid != 0 else { return nil }
        return "\(absolute(path)), which holds a secret, belongs to another user (uid \(status.st_uid)), "
            + "who can read and replace it; run chown on it"
    }

    private static func status(of path: String) -> stat? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status : nil
    }
}

private func distinct(_ paths: [String]) -> [String] {
    paths.enumerated().filter { !paths[..<$0].contains($1) }.map(\.element)
}

// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The folder with the store and the master key.
package enum DataDirectory {
    /// Makes the folder, and those of its parents that are named and missing, for this user alone.
    ///
    /// A folder that is there stays as it is: who made it chose its mode.
    ///
    /// - Parameter path: Where it is to be, relative to the working directory or not.
    /// - Throws: A failure with status 73.
    package static func create(at path: String) throws(Failure) {
        var folder = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            folder += folder.isEmpty || folder.hasSuffix("/") ? part : "/\(part)"
            guard unsafe mkdir(folder, 0o700) != 0, errno != EEXIST else { continue }
            let error = FileError(errno)
            // A parent that cannot be written may be there all the same.
            guard unsafe access(folder, F_OK) != 0 else { continue }
            throw Failure(.cannotCreate, "cannot make the folder \(folder): \(error.reason)")
        }
    }
}

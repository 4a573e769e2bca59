// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The folder with the store and the master key.
package struct DataDirectory: Sendable {
    /// Where it is, relative to the working directory or not.
    package let path: String

    /// Makes the folder, and those of its parents that are named and missing, for this user alone.
    ///
    /// A folder that is there stays as it is: who made it chose its mode.
    ///
    /// - Throws: A failure with status 73.
    package init(creating path: String) throws(Failure) {
        var folder = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            folder += folder.isEmpty || folder.hasSuffix("/") ? part : "/\(part)"
            guard unsafe mkdir(folder, 0o700) != 0, errno != EEXIST else { continue }
            let error = FileError(errno)
            // A parent that cannot be written may be there all the same.
            guard unsafe access(folder, F_OK) != 0 else { continue }
            throw Failure(.cannotCreate, "cannot make the folder \(folder): \(error.reason)")
        }
        self.path = path
    }

    /// Runs `body` while no other process runs one in this folder: two first starts at once make one store.
    ///
    /// The lock belongs to the open folder, so it goes when the process goes. The C function is `flock`.
    ///
    /// - Parameters:
    ///   - patience: How long another process may take.
    ///   - body: What is done alone.
    /// - Returns: What `body` returns.
    /// - Throws: A failure with status 73 if the folder cannot be opened, with 69 if another process takes too long, or
    ///   what `body` throws.
    package func withLock<R>(
        patience: Duration = .seconds(30), _ body: () throws(Failure) -> R
    ) throws(Failure) -> R {
        let folder: FileDescriptor
        do {
            folder = try FileDescriptor(opening: path, flags: O_RDONLY | O_DIRECTORY)
        } catch {
            throw Failure(.cannotCreate, "cannot open the folder \(path): \(error.reason)")
        }
        let deadline = ContinuousClock.now.advanced(by: patience)
        while folder.withNumber({ flock($0, LOCK_EX | LOCK_NB) }) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw Failure(.cannotCreate, "cannot lock the folder \(path): \(FileError(errno).reason)")
            }
            guard ContinuousClock.now < deadline else {
                throw Failure(
                    .unavailable, "another process has been at work in \(path) for too long; end it and try again")
            }
            usleep(10_000)
        }
        return try body()
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import LanyardBase
internal import LanyardCoding
internal import LanyardCrypto

/// The file that holds the 32 bytes of the master key, where no setting gives them.
package enum MasterKeyFile {
    /// Reads the key in a file.
    ///
    /// - Parameter path: Where the file is.
    /// - Returns: The 32 bytes, or `nil` if there is no such file.
    /// - Throws: A failure with status 77 if this user cannot read it, with 78 if others can, or if it holds anything else.
    package static func load(from path: String) throws(Failure) -> Secret<[UInt8]>? {
        let text: Secret<String>
        do {
            text = try SecretFile(path, namedBy: "LANYARD_KEYS_MASTER by default", environment: [:]).read()
        } catch .unreadable(_, _, .missing) {
            return nil
        } catch {
            throw error.failure
        }
        guard let bytes = SettingKind<Secret<[UInt8]>>.masterKey.parse(text.reveal()) else {
            throw Failure(
                .settings,
                "\(path) does not hold a master key; restore it from a backup, for without it the store cannot be opened"
            )
        }
        return bytes
    }

    /// Makes a new key and keeps it in a file that only this user can read; only a new store gets a new key.
    ///
    /// The file appears whole or not at all, and is on the disk before anything is sealed with it. If another process was
    /// quicker, its key is returned.
    ///
    /// - Parameters:
    ///   - path: Where the file is to be; its folder exists.
    ///   - random: Gives as many random bytes as it is asked for.
    /// - Returns: The 32 bytes that are in the file.
    /// - Throws: A failure with status 73 if the file cannot be made.
    package static func create(
        at path: String, random: (Int) -> [UInt8] = SecureRandom.bytes
    ) throws(Failure) -> Secret<[UInt8]> {
        let bytes = random(32)
        let draft = "\(path).\(random(8).hexadecimal)"
        do throws(FileError) {
            try write(Base64URL.encode(bytes) + "\n", to: draft)
            defer { unsafe unlink(draft) }
            // link(2), unlike rename(2), never replaces a key that is there.
            guard unsafe link(draft, path) == 0 else { throw FileError(errno) }
            try FileDescriptor(opening: folderOf(path), flags: O_RDONLY | O_DIRECTORY).synchronize()
        } catch .exists {
            if let winner = try load(from: path) { return winner }
            throw Failure(.cannotCreate, "cannot make \(path): another process made and removed it")
        } catch {
            throw Failure(.cannotCreate, "cannot make \(path): \(error.reason)")
        }
        return Secret(bytes)
    }

    private static func write(_ text: String, to path: String) throws(FileError) {
        let file = try FileDescriptor(opening: path, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
        do {
            try file.write(Array(text.utf8))
            try file.synchronize()
        } catch {
            unsafe unlink(path)
            throw error
        }
    }
}

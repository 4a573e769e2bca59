// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LanyardBase

/// An open file of this process, closed when its owner goes.
struct FileDescriptor: ~Copyable {
    private let number: Int32

    /// Takes over an open descriptor.
    init(takingOwnershipOf number: Int32) {
        self.number = number
    }

    /// Opens the file at `path`; the descriptor is not inherited by programs that this one starts.
    ///
    /// The C function is `open`.
    init(opening path: String, flags: Int32, mode: mode_t = 0) throws(FileError) {
        let opened = retryingInterrupts { unsafe Glibc.open(path, flags | O_CLOEXEC, mode) }
        guard opened >= 0 else { throw FileError(errno) }
        number = opened
    }

    deinit { _ = Glibc.close(number) }

    /// Gives the number to a system call that is not made here.
    func withNumber<R, E: Error>(_ body: (Int32) throws(E) -> R) throws(E) -> R { try body(number) }

    /// Returns what the system knows about the file.
    ///
    /// The C function is `fstat`.
    func status() throws(FileError) -> stat {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else { throw FileError(errno) }
        return status
    }

    /// Reads to the end of the file, but never more than `limit` bytes.
    func readToEnd(limit: Int) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = retryingInterrupts { unsafe Glibc.read(number, &chunk, chunk.count) }
            guard count >= 0 else { throw FileError(errno) }
            if count == 0 { return bytes }
            guard bytes.count + count <= limit else { throw .tooLarge(limitBytes: limit) }
            bytes += chunk[..<count]
        }
    }

    /// Reads to the end of a file that holds text, without a byte order mark at its start.
    ///
    /// Every file that a person may have written is read so.
    func readText(limit: Int) throws(FileError) -> [UInt8] {
        let text: [UInt8]
        do throws(FileError) {
            text = try readToEnd(limit: limit + [UInt8].byteOrderMark.count).withoutByteOrderMark
        } catch .tooLarge {
            throw .tooLarge(limitBytes: limit)
        } catch {
            throw error
        }
        guard text.count <= limit else { throw .tooLarge(limitBytes: limit) }
        return text
    }

    /// Writes all of `bytes`, in as few calls as the system allows.
    ///
    /// Waits when the other end is slow, also when somebody made the descriptor non-blocking.
    func write(_ bytes: [UInt8]) throws(FileError) {
        try writeAll(bytes, to: number)
    }

    /// Waits until what was written is on the disk.
    ///
    /// The C function is `fsync`.
    func synchronize() throws(FileError) {
        guard retryingInterrupts({ fsync(number) }) == 0 else { throw FileError(errno) }
    }
}

/// Writes all of `bytes` to a descriptor that somebody else owns, such as standard error.
func writeAll(_ bytes: [UInt8], to number: Int32) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
        if count >= 0 {
            rest = rest.dropFirst(count)
            continue
        }
        let code = errno
        if code == EINTR { continue }
        guard code == EAGAIN || code == EWOULDBLOCK else { throw FileError(code) }
        var poll = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
        _ = unsafe Glibc.poll(&poll, 1, -1)
    }
}

/// Repeats a system call that a signal interrupted before it did anything.
func retryingInterrupts<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}

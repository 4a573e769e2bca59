// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A named pipe that is full and that nobody reads, until a test does.
final class FullPipe {
    let path: String
    private let descriptor: Int32

    init(_ name: String, in folder: TemporaryFolder) throws {
        path = folder.path(of: name)
        guard unsafe mkfifo(path, 0o600) == 0 else { throw Failure("no pipe: error \(errno)") }
        // Open at both ends, so that the program finds a reader.
        descriptor = unsafe open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure("no pipe: error \(errno)") }
        let line = [UInt8](repeating: UInt8(ascii: "."), count: 1)
        while unsafe write(descriptor, line, 1) == 1 {}
        guard errno == EAGAIN else { throw Failure("the pipe does not fill: error \(errno)") }
    }

    deinit { close(descriptor) }

    /// Reads until `condition` holds for the text.
    func read(by deadline: Deadline = .usual, until condition: (String) -> Bool) throws -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while !deadline.isOver {
            var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if unsafe Glibc.poll(&poll, 1, 100) > 0 {
                let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
                if count > 0 { bytes += chunk[..<count] }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            if condition(text) { return text }
        }
        throw Failure("not in the pipe: \(String(decoding: bytes.suffix(2_000), as: UTF8.self))")
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// A terminal that is asked for something that must not appear on it.
struct HiddenTerminal {
    /// The terminal as a descriptor to read from.
    let input: Int32
    /// Where the prompt goes.
    let output: Int32

    /// Asks one question and returns the line that is typed, without its line feed.
    ///
    /// The terminal shows what is typed again however this ends. A signal that ends or stops the process does so after
    /// that; when a stopped process goes on, the question is asked again.
    func ask(_ prompt: String) throws(Failure) -> [UInt8] {
        while true {
            let line: [UInt8]
            do {
                line = try CaughtSignal.whileCatching { () throws(FileError) in try lineWithoutEcho(prompt) }
            } catch {
                throw Failure(.unavailable, "cannot read from the terminal: \(error.reason)")
            }
            if let number = CaughtSignal.take() {
                raise(number)
                continue
            }
            guard !line.isEmpty else { throw Failure(.data, "no password was given") }
            return line.last == UInt8(ascii: "\n") ? line.dropLast() : line
        }
    }

    /// Returns a line with its line feed; nothing at the end of the input, or if a signal was caught.
    private func lineWithoutEcho(_ prompt: String) throws(FileError) -> [UInt8] {
        var usual = termios()
        guard unsafe tcgetattr(input, &usual) == 0 else { throw FileError(errno) }
        var silent = usual
        silent.c_lflag &= ~tcflag_t(ECHO)
        silent.c_lflag |= tcflag_t(ECHONL)
        // TCSADRAIN and not TCSAFLUSH: a script may have typed the answer already.
        guard unsafe tcsetattr(input, TCSADRAIN, &silent) == 0 else { throw FileError(errno) }
        defer { unsafe tcsetattr(input, TCSADRAIN, &usual) }

        // Only now: whoever sees the prompt may type at once.
        try? writeAll(Array(prompt.utf8), to: output)
        while CaughtSignal.isNone {
            var poll = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
            // The handler may run on any thread, so a signal need not interrupt this one.
            if unsafe Glibc.poll(&poll, 1, 100) > 0 { return try readLine() }
        }
        return []
    }

    /// Reads what a terminal gives in one go: one line, of 4,096 bytes at most (termios(3), canonical mode).
    private func readLine() throws(FileError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 4_097)
        let count = retryingInterrupts { unsafe Glibc.read(input, &buffer, buffer.count) }
        guard count >= 0 else { throw FileError(errno) }
        return Array(buffer[..<count])
    }
}

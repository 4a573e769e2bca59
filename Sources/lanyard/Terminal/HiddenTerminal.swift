// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A terminal that is asked for something that must not appear on it.
struct HiddenTerminal {
    /// The terminal as a descriptor to read from.
    let input: Int32
    /// Where the prompt goes.
    let output: Int32

    private enum Answer {
        case line([UInt8])
        case signal(Int32)
    }

    /// Asks one question and returns the line that is typed, without its line feed.
    ///
    /// The terminal shows what is typed again however this ends. A signal that ends or stops the process does so after
    /// that; when a stopped process goes on, the question is asked again.
    func ask(_ prompt: String) throws(Failure) -> [UInt8] {
        while true {
            let answer: Answer
            do {
                answer = try askWithoutEcho(prompt)
            } catch {
                throw Failure(.unavailable, "cannot read from the terminal: \(error.reason)")
            }
            switch answer {
            case .line(let bytes):
                guard !bytes.isEmpty else { throw Failure(.data, "no password was given") }
                return bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes
            case .signal(let number): raise(number)
            }
        }
    }

    private func askWithoutEcho(_ prompt: String) throws(FileError) -> Answer {
        // From here on the signals wait, so that none can end the process while the terminal is silent. Threads of
        // Dispatch block all of them; there are no others when a command asks.
        var waiting = sigset_t()
        unsafe sigemptyset(&waiting)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP] { unsafe sigaddset(&waiting, number) }
        var before = sigset_t()
        unsafe pthread_sigmask(SIG_BLOCK, &waiting, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }

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
        while true {
            var poll = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
            let isReady = unsafe Glibc.poll(&poll, 1, 100) > 0
            var none = timespec()
            let number = unsafe sigtimedwait(&waiting, nil, &none)
            if number > 0 { return .signal(number) }
            if isReady { return .line(try readLine()) }
        }
    }

    /// Reads what a terminal gives in one go: one line, of 4,096 bytes at most (termios(3), canonical mode).
    private func readLine() throws(FileError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 4_097)
        let count = retryingInterrupts { unsafe Glibc.read(input, &buffer, buffer.count) }
        guard count >= 0 else { throw FileError(errno) }
        return Array(buffer[..<count])
    }
}

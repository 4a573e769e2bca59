// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import LanyardBase

/// Where a command gets a password from: the terminal, or one line of standard input; never an argument.
package struct PasswordInput: Sendable {
    private let input: Int32
    private let output: Int32

    /// Reads from the descriptor `input` and prompts on `output`.
    package init(input: Int32, output: Int32) {
        self.input = input
        self.output = output
    }

    /// Reads from standard input and prompts on standard error.
    package static let standard = Self(input: STDIN_FILENO, output: STDERR_FILENO)

    /// Reads a password.
    ///
    /// - Parameters:
    ///   - name: The account, for the prompt.
    ///   - fromPipe: Whether `--password-stdin` was given: then the first line counts, all its bytes but the line feed.
    /// - Returns: The password, as it was typed.
    /// - Throws: A failure with status 64 if there is neither a terminal nor `--password-stdin`, or with 65 if there is no
    ///   line, it is too long or not UTF-8, or the second one differs.
    package func read(for name: String, fromPipe: Bool) throws(Failure) -> Secret<String> {
        if fromPipe { return try text(firstLine().withoutByteOrderMark) }
        guard isatty(input) == 1 else {
            throw Failure(.usage, "there is no terminal to ask for the password; give it with --password-stdin")
        }
        let terminal = HiddenTerminal(input: input, output: output)
        let first = try text(terminal.ask("Password for \(name.escapingControls): "))
        let second = try text(terminal.ask("The same once more: "))
        guard isEqualInConstantTime(Array(first.reveal().utf8), Array(second.reveal().utf8)) else {
            throw Failure(.data, "the two passwords differ; nothing was changed")
        }
        return first
    }

    /// Reads up to the first line feed, or up to the end if there is something before it.
    private func firstLine() throws(Failure) -> [UInt8] {
        var line: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1_024)
        while line.count <= Self.limitBytes {
            let count = retryingInterrupts { unsafe Glibc.read(input, &chunk, chunk.count) }
            guard count >= 0 else {
                throw Failure(.data, "cannot read the password from standard input: \(FileError(errno).reason)")
            }
            guard count > 0 else { break }
            if let end = chunk[..<count].firstIndex(of: UInt8(ascii: "\n")) {
                line += chunk[..<end]
                // Files that were written on Windows end their lines with both; no password ends with one.
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                return line
            }
            line += chunk[..<count]
        }
        guard !line.isEmpty else { throw Failure(.data, "no password was given on standard input") }
        return line
    }

    private func text(_ bytes: [UInt8]) throws(Failure) -> Secret<String> {
        guard bytes.count <= Self.limitBytes else { throw Failure(.data, "the password is too long") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(.data, "the password is not UTF-8 text; check the encoding of the terminal or the file")
        }
        return Secret(text)
    }

    /// No password may have more than 1024 characters, which are four bytes each at most.
    private static let limitBytes = 4_096
}

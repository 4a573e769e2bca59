// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import LanyardBase
import LanyardProgram
import Testing

@Suite struct `A password` {
    /// Lets `input` read `bytes` and then the end.
    private func read(_ bytes: [UInt8]) throws -> Result<String, Failure> {
        let pipe = Pipe()
        // Less than a pipe holds, so that nobody has to read meanwhile.
        try pipe.fileHandleForWriting.write(contentsOf: Data(bytes))
        try pipe.fileHandleForWriting.close()
        let input = PasswordInput(input: pipe.fileHandleForReading.fileDescriptor, output: -1)
        do throws(Failure) {
            return .success(try input.read(for: "alice", fromPipe: true).reveal())
        } catch {
            return .failure(error)
        }
    }

    @Test(arguments: [
        ("secret\n", "secret"), ("secret", "secret"), ("one\ntwo\n", "one"), (" blanks \t\n", " blanks \t"),
        ("cr and lf\r\n", "cr and lf"), ("inside\r \n", "inside\r "),
        ("\n", ""), ("p\u{E4}\u{308}\n", "p\u{E4}\u{308}"),
        (String(repeating: "x", count: 4_096), String(repeating: "x", count: 4_096)),
    ])
    func `from a pipe is its first line, all bytes but the end of the line`(input: String, password: String) throws {
        let read = try read(Array(input.utf8)).get()
        #expect(Array(read.utf8) == Array(password.utf8))
    }

    @Test(arguments: [
        ([], "no password was given on standard input"),
        ([0x66, 0xFF, 0x0A], "the password is not UTF-8 text; check the encoding of the terminal or the file"),
        (Array(repeating: 0x78, count: 4_097), "the password is too long"),
        (Array(repeating: 0x78, count: 9_000), "the password is too long"),
    ])
    func `from a pipe that is none is refused`(input: [UInt8], message: String) throws {
        #expect(try read(input) == .failure(Failure(.data, message)))
    }

    @Test func `needs a terminal or the flag`() throws {
        let pipe = Pipe()
        let input = PasswordInput(input: pipe.fileHandleForReading.fileDescriptor, output: -1)
        let failure = try #require(throws: Failure.self) { try input.read(for: "alice", fromPipe: false) }
        #expect(
            failure == Failure(.usage, "there is no terminal to ask for the password; give it with --password-stdin"))
    }

    @Test func `typed twice at the prompts is taken, and shown nowhere`() throws {
        let terminal = try Terminal()
        let user = terminal.user
        let answer = Guarded<Result<String, Failure>?>(nil)
        let isDone = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            let input = PasswordInput(input: user, output: user)
            let read = Result { () throws(Failure) in try input.read(for: "al\u{1B}ice", fromPipe: false).reveal() }
            answer.withLock { $0 = read }
            isDone.signal()
        }
        try terminal.awaitText(#"Password for al\u001bice: "#)
        #expect(!terminal.isEchoing)
        try terminal.type("correct horse\n")
        try terminal.awaitText("The same once more: ")
        try terminal.type("correct horse\n")
        #expect(isDone.wait(timeout: .now() + 10) == .success)
        #expect(answer.withLock { $0 } == .success("correct horse"))
        #expect(terminal.isEchoing)
        #expect(!terminal.screen.contains("horse"))
    }

    @Test func `typed before it is asked for counts`() throws {
        let terminal = try Terminal()
        try terminal.type("correct horse\ncorrect horse\n")
        let input = PasswordInput(input: terminal.user, output: terminal.user)
        #expect(try input.read(for: "alice", fromPipe: false).reveal() == "correct horse")
    }

    @Test func `typed in two ways is refused, and the terminal echoes again`() throws {
        let terminal = try Terminal()
        try terminal.type("correct horse\ncorrect house\n")
        let input = PasswordInput(input: terminal.user, output: terminal.user)
        let failure = try #require(throws: Failure.self) { try input.read(for: "alice", fromPipe: false) }
        #expect(failure == Failure(.data, "the two passwords differ; nothing was changed"))
        #expect(terminal.isEchoing)
    }

    @Test func `is not the end of the input`() throws {
        let terminal = try Terminal()
        try terminal.type("\u{4}")
        let input = PasswordInput(input: terminal.user, output: terminal.user)
        let failure = try #require(throws: Failure.self) { try input.read(for: "alice", fromPipe: false) }
        #expect(failure == Failure(.data, "no password was given"))
    }
}

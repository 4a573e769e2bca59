// SPDX-License-Identifier: Apache-2.0

import Glibc
import LanyardProgram
import Testing

@Suite struct `A writer of lines` {
    /// A pipe that nobody reads until the test does.
    private final class Pipe {
        let reading: Int32
        let writing: Int32

        init() throws {
            var ends: [Int32] = [-1, -1]
            try #require(unsafe pipe(&ends) == 0)
            (reading, writing) = (ends[0], ends[1])
        }

        deinit {
            close(reading)
            close(writing)
        }

        /// Fills the pipe to the last byte, and returns how many there are.
        func fill() -> Int {
            let flags = fcntl(writing, F_GETFL)
            _ = fcntl(writing, F_SETFL, flags | O_NONBLOCK)
            defer { _ = fcntl(writing, F_SETFL, flags) }
            var count = 0
            while unsafe write(writing, "x", 1) == 1 { count += 1 }
            return count
        }

        func read(_ count: Int) -> String {
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while bytes.count < count {
                let got = unsafe Glibc.read(reading, &chunk, min(chunk.count, count - bytes.count))
                guard got > 0 else { break }
                bytes += chunk[..<got]
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private func line(_ text: String) -> [UInt8] { Array((text + "\n").utf8) }

    @Test(.timeLimit(.minutes(2)))
    func `never waits for its reader, and reports what was lost when it reads again`() throws {
        let pipe = try Pipe()
        let writer = LineWriter(to: pipe.writing, capacityBytes: 100)
        writer.reportLosses { Array("lost \($0)\n".utf8) }
        let before = pipe.fill()
        for number in 0..<50 { writer.write(line("line \(number) ")) }
        // Nine bytes each but the first ten, which have eight: eleven fit.
        #expect(writer.droppedLines == 38)
        #expect(!writer.flush(within: .milliseconds(50)))
        let text = pipe.read(before + 10 * 8 + 2 * 9 + 8)
        // The report follows the batch that was being written when the reader came back, which may be the first line alone.
        #expect(text.contains("\nlost 38\n"), "\(text.suffix(60))")
        let written = text.replacing("lost 38\n", with: "")
        #expect(written.hasSuffix("line 9 \nline 10 \nline 11 \n"), "\(text.suffix(60))")
        #expect(writer.flush(within: .seconds(60)))
        writer.write(line("again"))
        #expect(writer.flush(within: .seconds(60)))
        #expect(pipe.read(6) == "again\n")
        #expect(writer.droppedLines == 38)
    }

    @Test(.timeLimit(.minutes(2)))
    func `waits for a reader that made the descriptor non-blocking`() throws {
        let pipe = try Pipe()
        let before = pipe.fill()
        _ = fcntl(pipe.writing, F_SETFL, fcntl(pipe.writing, F_GETFL) | O_NONBLOCK)
        let writer = LineWriter(to: pipe.writing)
        writer.write(line("whole"))
        #expect(!writer.flush(within: .milliseconds(50)))
        #expect(pipe.read(before + 6).hasSuffix("xwhole\n"))
        #expect(writer.flush(within: .seconds(60)))
        #expect(writer.droppedLines == 0)
    }

    @Test(.timeLimit(.minutes(2)))
    func `counts what a full disk takes from it`() throws {
        let descriptor = unsafe open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { close(descriptor) }
        let writer = LineWriter(to: descriptor)
        for _ in 0..<3 { writer.write(line("x")) }
        #expect(writer.flush(within: .seconds(60)))
        #expect(writer.droppedLines == 3)
    }
}

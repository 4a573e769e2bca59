// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// The clock of programs that are started with it: it runs as the machine's does, until a test moves it on.
///
/// These programs are not the one that is shipped, but another over the same modules (`Tests/ClockedLanyard`). What
/// reads the clock is tested with them; that the shipped program reads the machine's clock, each rule's wiring test shows.
final class MovableClock: Sendable {
    private let folder: TemporaryFolder
    private static let fileName = "clock"

    /// The program that goes by such a clock, built beside the tests.
    static let binary = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("lanyard-with-test-clock").path

    /// Makes a clock that shows the time of the machine.
    init() throws {
        folder = try TemporaryFolder()
        try write([0, 0])
    }

    /// Where its programs find it.
    var environment: [String: String] { ["TEST_CLOCK_FILE": folder.path(of: Self.fileName)] }

    /// Moves the clock on for all its programs, also those that sleep.
    ///
    /// A server that has not read its keys for 3 s signs nothing, and after a leap it believes that of itself until it has
    /// read them again, within a second; ``RunningLanyard/letPass(_:)`` waits for that.
    func advance(by duration: Duration) throws {
        let milliseconds = Int64(duration / .milliseconds(1))
        try write(try offsets().map { $0 + milliseconds })
    }

    private func offsets() throws -> [Int64] {
        let bytes = try folder.bytes(of: Self.fileName)
        return stride(from: 0, to: 16, by: 8).map { start in
            bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | Int64($1) }
        }
    }

    /// Writes both numbers with one call, so that no program reads half of one.
    private func write(_ offsets: [Int64]) throws {
        let bytes = offsets.flatMap { offset in (0..<8).map { UInt8(truncatingIfNeeded: offset >> ($0 * 8)) } }
        let path = folder.path(of: Self.fileName)
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(file) }
        guard file >= 0, unsafe Glibc.write(file, bytes, bytes.count) == bytes.count else {
            throw Failure("cannot write \(path): error \(errno)")
        }
    }
}

extension RunningLanyard {
    /// Moves this server's clock on, and waits until the server has followed.
    func letPass(_ duration: Duration) throws {
        guard let clock else { throw Failure("the server was started without a clock to move") }
        try clock.advance(by: duration)
        try waitUntilReady()
    }

    /// Waits until the server is ready, which it is not before it has read its keys again.
    func waitUntilReady() throws {
        var status = 0
        try Deadline.usual.poll {
            status = try get("/readyz", from: .management).status
            return status == 200
        }
        guard status == 200 else { throw Failure("not ready: \(status)") }
    }
}

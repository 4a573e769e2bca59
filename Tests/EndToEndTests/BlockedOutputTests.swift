// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// A server whose standard streams are read by nobody.
@Suite struct `A blocked log` {
    /// Starts a server on a socket file with its streams on pipes that are full.
    private func start(
        _ redirections: String, in folder: TemporaryFolder, settings: [String: String] = [:]
    ) throws -> ChildProcess {
        var invocation = Lanyard.invocation(
            ["-c", "exec '\(Lanyard.binary)' serve \(redirections)"],
            settings: [
                "LANYARD_HTTP_LISTEN": "unix:\(folder.path(of: "s"))", "LANYARD_ISSUER": "https://auth.example",
                "LANYARD_MANAGEMENT_LISTEN": "unix:\(folder.path(of: "m"))",
            ].merging(settings) { $1 }, in: folder)
        invocation.executable = "/bin/sh"
        let process = try ChildProcess(invocation)
        Deadline.usual.poll { folder.contains("m") && (try? RawConnection(path: folder.path(of: "m"))) != nil }
        return process
    }

    private func ask(_ name: String, _ path: String, _ fields: String = "", in folder: TemporaryFolder) throws -> Reply
    {
        let connection = try RawConnection(path: folder.path(of: name))
        try connection.send("GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(fields)\r\n")
        return try connection.reply()
    }

    @Test(.timeLimit(.minutes(5)))
    func `stops neither requests nor the end of the process`() throws {
        let folder = try TemporaryFolder()
        let pipe = try FullPipe("log", in: folder)
        let process = try start("2>'\(pipe.path)'", in: folder)
        defer { process.send(SIGKILL) }
        for _ in 0..<130 {
            #expect(try ask("s", "/me", "Origin: https://other.example\r\n", in: folder).status == 401)
        }
        #expect(try ask("s", "/livez", in: folder).status == 200)
        process.send(SIGTERM)
        #expect(try process.waitForEnd() == .exit(0))
    }

    @Test(.timeLimit(.minutes(5)))
    func `loses lines, counts them, and says so when it is read again`() throws {
        let folder = try TemporaryFolder()
        let pipe = try FullPipe("log", in: folder)
        // At debug level nothing is summarised, so that the queue of 4 MiB fills.
        let process = try start("2>'\(pipe.path)'", in: folder, settings: ["LANYARD_LOG_LEVEL": "debug"])
        defer { process.send(SIGKILL) }
        let connection = try RawConnection(path: folder.path(of: "s"))
        let request = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
        var dropped = 0
        for _ in 0..<100 where dropped == 0 {
            for _ in 0..<50 {
                try connection.send(String(repeating: request, count: 10))
                for _ in 0..<10 { #expect(try connection.reply().status == 200) }
            }
            dropped = try droppedLines(in: folder)
        }
        #expect(dropped > 0)
        let text = try pipe.read { $0.contains("\"event\":\"log_dropped\"") && $0.hasSuffix("\n") }
        let line = try #require(text.split(separator: "\n").first { $0.contains("\"event\":\"log_dropped\"") })
        #expect(try JSONObject(String(line)).integer("count") >= dropped)
        process.send(SIGTERM)
        #expect(try process.waitForEnd() == .exit(0))
    }

    private func droppedLines(in folder: TemporaryFolder) throws -> Int {
        let text = try ask("m", "/metrics", in: folder).text
        guard let match = text.firstMatch(of: /\nlanyard_log_dropped_total (\d+)\n/), let count = Int(match.1) else {
            throw Failure("no counter in \(text)")
        }
        return count
    }

    @Test(.timeLimit(.minutes(5)))
    func `on standard output does not stop a start, nor its end`() throws {
        let folder = try TemporaryFolder()
        let pipe = try FullPipe("out", in: folder)
        let process = try start(">'\(pipe.path)' 2>'\(pipe.path)'", in: folder)
        defer { process.send(SIGKILL) }
        #expect(try ask("s", "/livez", in: folder).status == 200)
        process.send(SIGTERM)
        #expect(try process.waitForEnd() == .exit(0))
    }

    @Test(.timeLimit(.minutes(5)))
    func `does not stop a start that is refused`() throws {
        let folder = try TemporaryFolder()
        let pipe = try FullPipe("log", in: folder)
        var invocation = Lanyard.invocation(
            ["-c", "exec '\(Lanyard.binary)' serve 2>'\(pipe.path)'"], settings: ["LANYARD_LOG_LEVEL": "loud"],
            in: folder)
        invocation.executable = "/bin/sh"
        #expect(try Lanyard.run(invocation).ending == .exit(78))
    }
}

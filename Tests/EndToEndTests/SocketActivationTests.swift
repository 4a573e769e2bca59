// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization
import Testing

/// `lanyard serve` with sockets that somebody else opened, as systemd starts it (sd_listen_fds(3)).
@Suite struct `Started with sockets` {
    @Test func `the server listens on them, and answers who came before it`() throws {
        let folder = try TemporaryFolder()
        let file = folder.path(of: "public.sock")
        let (first, second, management) = try (
            ListeningSocket(), ListeningSocket(at: .file(file)), ListeningSocket()
        )
        let early = try [
            RawConnection(port: first.port), RawConnection(path: file), RawConnection(port: management.port),
        ]
        for connection in early { try connection.send(Self.question) }

        let server = try ActivatedLanyard(
            [first, second, management], names: ["lanyard.socket", "lanyard.socket", "management"],
            settings: ["LANYARD_HTTP_LISTEN": "192.0.2.1:80", "LANYARD_MANAGEMENT_LISTEN": "off"], in: folder)
        #expect(
            try server.readyLines(3) == [
                "lanyard: listening on http://127.0.0.1:\(first.port)", "lanyard: listening on unix:\(file)",
                "lanyard: management on http://127.0.0.1:\(management.port)",
            ])
        for connection in early { #expect(try connection.reply().status == 200) }
        let metadata = try Self.ask(RawConnection(path: file), for: "/.well-known/openid-configuration")
        #expect(try JSONObject(metadata.body).string("issuer") == "http://127.0.0.1:\(first.port)")
        #expect(try Self.ask(RawConnection(port: management.port), for: "/login").status == 404)

        #expect(try server.stop() == .exit(0))
        #expect(folder.contains("public.sock"), "the file is its owner's")
    }

    @Test func `a server takes one interface, and the settings say where the other is`() throws {
        let management = try ListeningSocket()
        let server = try ActivatedLanyard(
            [management], names: ["management"], settings: ["LANYARD_HTTP_LISTEN": "127.0.0.1:0"])
        let lines = try server.readyLines(2)
        #expect(lines.last == "lanyard: management on http://127.0.0.1:\(management.port)")
        #expect(lines.first?.hasPrefix("lanyard: listening on http://127.0.0.1:") == true)
        #expect(try server.stop() == .exit(0))
    }

    @Test func `servers that follow each other lose no connection`() throws {
        let folder = try TemporaryFolder()
        let socket = try ListeningSocket()
        let clients = Clients(port: socket.port, count: 4)
        defer { clients.stop() }
        for round in 1...3 {
            let server = try ActivatedLanyard([socket], names: ["x"], management: "127.0.0.1:0", in: folder)
            _ = try server.readyLines(2)
            let before = clients.answers
            Deadline.usual.poll { clients.answers >= before + 100 || clients.failure != nil }
            #expect(clients.answers >= before + 100)
            #expect(try server.stop() == .exit(0), "round \(round)")
        }
        let last = try ActivatedLanyard([socket], names: ["x"], management: "127.0.0.1:0", in: folder)
        _ = try last.readyLines(2)
        clients.stop()
        #expect(clients.failure == nil)
        try last.stop()
    }

    @Test func `a server that cannot tell clients where it is needs an issuer`() throws {
        let folder = try TemporaryFolder()
        let socket = try ListeningSocket(at: .file(folder.path(of: "s")))
        let refused = try ActivatedLanyard([socket], names: ["s"], in: folder)
        #expect(try refused.process.waitForEnd() == .exit(78))
        #expect(refused.process.standardError.text.contains("LANYARD_ISSUER"))
        let server = try ActivatedLanyard(
            [socket], names: ["s"], settings: ["LANYARD_ISSUER": "https://auth.example"], management: "127.0.0.1:0",
            in: folder)
        _ = try server.readyLines(2)
        #expect(try Self.ask(RawConnection(path: folder.path(of: "s")), for: "/livez").status == 200)
        #expect(try server.stop() == .exit(0))
    }

    @Test func `a server refuses what is no listener, and says which`() throws {
        let refused = try ActivatedLanyard([ListeningSocket()], names: ["a", "b"])
        #expect(try refused.process.waitForEnd() == .exit(78))
        let complaint = refused.process.standardError.text
        #expect(complaint.hasPrefix("lanyard: descriptor 4, which LISTEN_FDS passes, is no listening stream socket"))
        #expect(complaint.split(separator: "\n").count == 1)
        #expect(!refused.folder.contains("data"), "nothing is made")
    }

    @Test func `a server leaves sockets alone that are for another process`() throws {
        let socket = try ListeningSocket()
        let server = try ActivatedLanyard([socket], names: ["a"], processID: "1", listen: "127.0.0.1:0")
        let lines = try server.readyLines(2)
        #expect(!lines.contains { $0.hasSuffix(":\(socket.port)") })
        #expect(try server.stop() == .exit(0))
    }

    @Test(.enabled(if: systemdStarter != nil, "systemd-socket-activate is installed (Debian: systemd)"))
    func `a server is started by the first connection to systemd's own socket`() throws {
        let folder = try TemporaryFolder()
        let file = folder.path(of: "s")
        var invocation = Lanyard.invocation(
            [
                "--listen", file, "--fdname", "public", "--setenv", "LANYARD_ISSUER=https://auth.example", "--setenv",
                "LANYARD_MANAGEMENT_LISTEN=off", Lanyard.binary, "serve",
            ], in: folder)
        invocation.executable = try #require(Self.systemdStarter)
        let process = try ChildProcess(invocation)
        defer { process.send(SIGKILL) }
        // The file is there a moment before somebody listens on it.
        var connection: RawConnection?
        Deadline.usual.poll {
            connection = try? RawConnection(path: file)
            return connection != nil
        }
        #expect(try Self.ask(#require(connection), for: "/livez").status == 200)
        // The announcement follows the first turn of the loops, so the answer can be quicker.
        let lines = process.standardOutput.lines(by: .usual) { !$0.isEmpty }
        #expect(lines == ["lanyard: listening on unix:\(file)"])
        process.send(SIGTERM)
        #expect(try process.waitForEnd() == .exit(0))
        #expect(folder.contains("s"))
    }

    @Test(.enabled(if: systemdAnalyzer != nil, "systemd-analyze is installed (Debian: systemd)"))
    func `a server is described by units that systemd understands`() throws {
        let folder = try TemporaryFolder()
        for name in ["lanyard.service", "lanyard.socket"] {
            let unit = try TemporaryFolder.bytes(at: Lanyard.repository + "/Config/" + name)
            let text = String(decoding: unit, as: UTF8.self)
            #expect(text.contains("/usr/local/bin/lanyard ") == (name == "lanyard.service"))
            // By default systemd gives up for good after five quick restarts.
            #expect(text.contains("\nStartLimitIntervalSec=0\n") == (name == "lanyard.service"))
            try folder.write(name, text.replacing("/usr/local/bin/lanyard ", with: Lanyard.binary + " "), mode: 0o644)
        }
        var invocation = Lanyard.invocation(
            ["verify", folder.path(of: "lanyard.service"), folder.path(of: "lanyard.socket")], in: folder)
        invocation.executable = try #require(Self.systemdAnalyzer)
        let output = try Lanyard.run(invocation)
        #expect(output.ending == .exit(0))
        // What it says of other units is the machine's.
        let complaints = (output.standardOutput + output.standardError).split(separator: "\n")
        #expect(complaints.filter { $0.contains("lanyard.s") } == [])
    }

    private static let systemdAnalyzer = ["/usr/bin/systemd-analyze"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private static let systemdStarter = ["/usr/bin/systemd-socket-activate"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private static let question = "GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    private static func ask(_ connection: RawConnection, for path: String) throws -> Reply {
        try connection.send("GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        return try connection.reply()
    }
}

/// A `lanyard serve` that was started with sockets.
private final class ActivatedLanyard {
    let process: ChildProcess
    let folder: TemporaryFolder

    /// Starts a server; `names` are told whether there are as many sockets or not.
    init(
        _ sockets: [ListeningSocket], names: [String], settings: [String: String] = [:], processID: String = "$$",
        listen: String? = nil, management: String? = nil, in folder: TemporaryFolder? = nil
    ) throws {
        self.folder = try folder ?? TemporaryFolder()
        var settings = settings
        settings["LISTEN_FDS"] = "\(names.count)"
        settings["LISTEN_FDNAMES"] = names.joined(separator: ":")
        settings["LANYARD_HTTP_LISTEN"] = settings["LANYARD_HTTP_LISTEN"] ?? listen
        settings["LANYARD_MANAGEMENT_LISTEN"] = settings["LANYARD_MANAGEMENT_LISTEN"] ?? management
        // The shell becomes the program and keeps its process id, which nobody knows before.
        var invocation = Lanyard.invocation(
            ["-c", "export LISTEN_PID=\(processID); exec \"$0\" serve", Lanyard.binary], settings: settings,
            in: self.folder)
        invocation.executable = "/bin/sh"
        invocation.sockets = sockets
        process = try ChildProcess(invocation)
    }

    deinit {
        process.send(SIGKILL)
    }

    /// Waits for the lines that say where the server listens.
    func readyLines(_ count: Int) throws -> [String] {
        guard let lines = process.standardOutput.lines(by: .usual, until: { $0.count >= count }) else {
            throw Failure("not ready; it wrote:\n\(process.standardOutput.text)\(process.standardError.text)")
        }
        return lines
    }

    @discardableResult
    func stop() throws -> ChildProcess.Ending {
        process.send(SIGTERM)
        return try process.waitForEnd()
    }
}

/// Clients that ask one question a connection, one after the other, until they are stopped or one gets no answer.
private final class Clients: Sendable {
    private struct State {
        var answers = 0
        var failure: String?
        var isStopped = false
    }

    private let state = Mutex(State())
    private let running = DispatchGroup()

    init(port: UInt16, count: Int) {
        for number in 0..<count {
            DispatchQueue(label: "client \(number)").async(group: running) { [self] in
                while !state.withLock({ $0.isStopped || $0.failure != nil }) {
                    do {
                        let connection = try RawConnection(port: port)
                        try connection.send("GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                        guard try connection.reply().status == 200 else { throw Failure("not 200") }
                        state.withLock { $0.answers += 1 }
                    } catch {
                        state.withLock { $0.failure = "\(error)" }
                    }
                }
            }
        }
    }

    var answers: Int { state.withLock(\.answers) }

    var failure: String? { state.withLock(\.failure) }

    /// Waits until every client has the answer to its last question.
    func stop() {
        state.withLock { $0.isStopped = true }
        _ = running.wait(timeout: Deadline.usual.dispatchTime)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization
import Testing

/// Clients in every state while `SIGTERM` comes: none is reset, and everybody who was let in is answered.
@Suite struct `A drain` {
    private static let ask = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let login = #"{"username":"alice","password":"correct horse battery staple"}"#

    private static func logIn(_ body: String = login) -> String {
        "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(login.utf8.count)\r\n\r\n\(body)"
    }

    /// Where clients connect.
    enum Place: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case port, file

        var testDescription: String { rawValue }

        func connect(to server: RunningLanyard) throws -> RawConnection {
            switch self {
            case .port: try RawConnection(port: server.port)
            case .file: try RawConnection(path: server.folder.path(of: "socket"))
            }
        }
    }

    private static func server(_ settings: [String: String] = [:]) throws -> RunningLanyard {
        let folder = try TemporaryFolder()
        let listen = ["LANYARD_HTTP_LISTEN": "127.0.0.1:0,unix:" + folder.path(of: "socket")]
        return try RunningLanyard(
            ["--dev"], settings: settings.merging(listen) { $1 }, in: folder, listen: nil)
    }

    @Test(arguments: Place.allCases)
    func `finishes what every client has begun`(place: Place) throws {
        let settings = ["LANYARD_PASSWORDS_LANES": "1", "LANYARD_PASSWORDS_ITERATIONS": "12"]
        let server = try Self.server(settings)
        // So many that each loop has some, at a port; whoever wakes first takes those of a file.
        let idle = try (0..<20).map { _ in try place.connect(to: server) }
        for connection in idle {
            try connection.send(Self.ask)
            #expect(try connection.reply().status == 200)
        }
        let inHead = try place.connect(to: server)
        try inHead.send(String(Self.ask.prefix(20)))
        let inContent = try place.connect(to: server)
        try inContent.send(String(Self.logIn().dropLast(10)))
        let pipelined = try place.connect(to: server)
        try pipelined.send(Self.logIn() + Self.ask)
        let inHash = try place.connect(to: server)
        try inHash.send(Self.logIn())
        for _ in 0..<4 { #expect(try server.get("/livez").status == 200) }
        let silent = try place.connect(to: server)

        server.process.send(SIGTERM)
        try silent.send(Self.ask)
        for connection in idle {
            #expect(try connection.bytesUntilClosed().isEmpty)
            #expect(!connection.wasReset)
        }
        // Both loops are on their way now.
        try inHead.send(String(Self.ask.dropFirst(20)))
        try inContent.send(String(Self.login.suffix(10)))
        for connection in [inHead, inContent, pipelined, inHash, silent] {
            let reply = try connection.reply()
            #expect(reply.status == 200)
            #expect(reply["connection"] == "close" || connection === silent || place == .file)
        }
        for connection in [inHead, inContent, pipelined, inHash, silent] {
            #expect(try connection.bytesUntilClosed().isEmpty)
            #expect(!connection.wasReset)
        }
        #expect(try server.process.waitForEnd() == .exit(0))
        #expect(throws: Failure.self) { try place.connect(to: server) }
        #expect(!server.folder.contains("socket"))
    }

    @Test(arguments: Place.allCases)
    func `serves whoever comes during its delay, and nobody after it`(place: Place) throws {
        let server = try Self.server(["LANYARD_HTTP_DRAIN_DELAY": "5s"])
        let kept = try place.connect(to: server)
        server.process.send(SIGTERM)
        try Deadline.usual.poll { try server.get("/readyz").status == 503 }
        try kept.send(Self.ask)
        #expect(try kept.reply().status == 200)
        while let new = try? place.connect(to: server) {
            // The delay may end at any moment, but not for one who has come in.
            try new.send(Self.ask)
            let reply = try new.reply()
            #expect(reply.status == 200)
            guard reply["connection"] == nil else { break }
        }
        #expect(try server.process.waitForEnd() == .exit(0))
        #expect(throws: Failure.self) { try place.connect(to: server) }
        #expect(!server.folder.contains("socket"))
    }

    @Test func `ends at once when it is asked for twice`() throws {
        let server = try Self.server(["LANYARD_HTTP_DRAIN_TIMEOUT": "10m"])
        let stuck = try RawConnection(port: server.port)
        try stuck.send(String(Self.ask.prefix(20)))
        #expect(try server.get("/livez").status == 200)
        server.process.send(SIGTERM)
        Deadline.usual.poll { (try? RawConnection(port: server.port)) == nil }
        server.process.send(SIGTERM)
        _ = try server.process.waitForEnd(by: .after(.seconds(20)))
        #expect(try stuck.bytesUntilClosed().isEmpty)
    }

    @Test(arguments: Place.allCases)
    func `loses nobody who was let in, under a load of those who connect`(place: Place) throws {
        for _ in 0..<12 {
            let server = try Self.server()
            let crowd = Crowd(of: 6) { try place.connect(to: server) }
            crowd.waitForAnswers(100)
            #expect(try server.stop() == .exit(0))
            #expect(crowd.waitForEnd())
            #expect(crowd.complaints.isEmpty)
        }
    }
}

/// Clients that connect and ask, again and again, until they are not let in any more.
private final class Crowd: Sendable {
    private struct State {
        var answers = 0
        var complaints: [String] = []
    }

    private let state = Mutex(State())
    private let end = DispatchGroup()

    init(of count: Int, connect: @escaping @Sendable () throws -> RawConnection) {
        for number in 0..<count {
            DispatchQueue(label: "crowd.\(number)").async(group: end) { [self] in
                while let connection = try? connect() { ask(connection) }
            }
        }
    }

    /// What went wrong for somebody who was let in.
    var complaints: [String] { state.withLock(\.complaints) }

    func waitForAnswers(_ count: Int) {
        Deadline.usual.poll { state.withLock(\.answers) >= count }
    }

    func waitForEnd() -> Bool {
        end.wait(timeout: Deadline.usual.dispatchTime) == .success
    }

    private func ask(_ connection: RawConnection) {
        do {
            try connection.send("GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let reply = try connection.reply()
            let isWhole = try reply.status == 200 && connection.bytesUntilClosed().isEmpty && !connection.wasReset
            state.withLock { state in
                state.answers += 1
                if !isWhole { state.complaints.append("\(reply.status), reset: \(connection.wasReset)") }
            }
        } catch {
            state.withLock { $0.complaints.append("\(error)") }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@Suite struct `Asked to stop` {
    @Test(arguments: [SIGTERM, SIGINT])
    func `the server ends cleanly`(signal: Int32) throws {
        let server = try RunningLanyard(["--dev"])
        #expect(try server.logIn("alice", RunningLanyard.alicesPassword).status == 200)
        #expect(try server.stop(signal) == .exit(0))
        #expect(throws: Failure.self) { try RawConnection(port: server.port) }
        #expect(throws: Failure.self) { try RawConnection(port: server.managementPort) }
        #expect(!server.folder.contains("data/dev/lanyard.sqlite3-wal"), "the store is closed, not dropped")
    }

    @Test func `the server ends when it is told so as soon as it can be reached`() throws {
        for _ in 0..<20 {
            let folder = try TemporaryFolder()
            let socket = folder.path(of: "s")
            let process = try ChildProcess(
                Lanyard.invocation(
                    ["serve", "--listen", "unix:\(socket)"],
                    settings: ["LANYARD_ISSUER": "http://a", "LANYARD_MANAGEMENT_LISTEN": "off"], in: folder))
            defer { process.send(SIGKILL) }
            // Somewhere between its first answer and its word that it is ready, the server takes its signals over.
            var status: Int?
            let deadline = Deadline.usual
            while status == nil, !deadline.isOver {
                guard let connection = try? RawConnection(path: socket) else { continue }
                try connection.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
                status = try connection.reply().status
            }
            #expect(status == 200)
            process.send(SIGTERM)
            let ending = try process.waitForEnd()
            #expect(ending == .exit(0) || ending == .signal(SIGTERM))
        }
    }

    @Test func `the server ends cleanly in the very moment it is ready`() throws {
        for _ in 0..<10 {
            let server = try RunningLanyard()
            #expect(try server.stop() == .exit(0))
        }
    }

    @Test func `the server finishes a login that is under way`() throws {
        // One lane and slow hashes: the second login waits behind the first while the signal comes.
        let settings = [
            "LANYARD_PASSWORDS_LANES": "1", "LANYARD_PASSWORDS_ITERATIONS": "12", "LANYARD_PASSWORDS_MEMORY": "64MiB",
        ]
        let server = try RunningLanyard(["--dev"], settings: settings)
        let connections = try (0..<2).map { _ in try RawConnection(port: server.port) }
        let body = #"{"username":"alice","password":"correct horse battery staple"}"#
        for connection in connections {
            try connection.send(
                "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }
        // The answer on a later connection shows that the server has read what came before it on the others.
        #expect(try server.get("/livez").status == 200)
        #expect(try server.get("/livez").status == 200)
        server.process.send(SIGTERM)
        for connection in connections {
            let reply = try connection.reply()
            #expect(try TokenResponse(reply).accessToken.isEmpty == false)
            #expect(reply["connection"] == "close")
            #expect(try connection.bytesUntilClosed().isEmpty)
        }
        #expect(try server.process.waitForEnd() == .exit(0))
    }

    @Test func `the server closes connections that are idle`() throws {
        let server = try RunningLanyard(["--dev"])
        let connection = try RawConnection(port: server.port)
        try connection.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try connection.reply().status == 200)
        server.process.send(SIGTERM)
        #expect(try connection.bytesUntilClosed().isEmpty)
        #expect(try server.process.waitForEnd() == .exit(0))
    }

    @Test func `the server goes on answering while it is being drained`() throws {
        let server = try RunningLanyard(["--dev"], settings: ["LANYARD_HTTP_DRAIN_DELAY": "60s"])
        server.process.send(SIGTERM)
        try Deadline.usual.poll { try server.get("/readyz").status == 503 }
        try expectProblem(try server.get("/readyz"), 503, "draining")
        #expect(try server.get("/readyz")["retry-after"] != nil)
        #expect(try server.get("/readyz", from: .management).status == 503)
        #expect(try server.get("/livez").status == 200)
        #expect(try server.logIn("alice", RunningLanyard.alicesPassword).status == 200)
        server.process.send(SIGTERM)
        _ = try server.process.waitForEnd()
    }

    @Test func `the server ends although a client never finishes its request`() throws {
        let server = try RunningLanyard(["--dev"], settings: ["LANYARD_HTTP_DRAIN_TIMEOUT": "1s"])
        let connection = try RawConnection(port: server.port)
        try connection.send(
            "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
        #expect(try server.get("/livez").status == 200)
        #expect(try server.stop() == .exit(0))
    }

    @Test func `the server loses no session that it has answered for`() throws {
        let server = try RunningLanyard(["--dev"])
        let login = try server.logInAlice()
        server.process.send(SIGKILL)
        #expect(try server.process.waitForEnd() == .signal(SIGKILL))
        let again = try RunningLanyard(["--dev"], in: server.folder)
        let answer = try TokenResponse(try again.refresh(login.refreshToken))
        #expect(try answer.claims.string("sid") == login.claims.string("sid"))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@Suite struct `A server for developers` {
    @Test func `has alice, in a store of its own`() throws {
        let server = try RunningLanyard(["--dev"])
        #expect(try server.logInAlice().claims.string("iss") == "http://localhost:\(server.port)")
        #expect(server.folder.contains("data/dev/lanyard.sqlite3"))
        #expect(!server.folder.contains("data/lanyard.sqlite3"))
        #expect(!server.folder.contains("data/master.key"))
        #expect(try server.folder.mode(of: "data/dev") == 0o700)
        #expect(try server.folder.mode(of: "data/dev/master.key") == 0o600)
    }

    @Test func `says that it is not for production, in a log for people`() throws {
        let server = try RunningLanyard(["--dev"])
        let banner = server.process.standardError.lines(by: .usual) {
            $0.contains { $0.lowercased().contains("not for production") }
        }
        #expect(banner != nil)
        try server.stop()
        #expect(!server.process.standardError.lines.contains { $0.hasPrefix("{") })
    }

    @Test func `logs JSON lines otherwise`() throws {
        let server = try RunningLanyard()
        _ = try server.logIn("nobody", "a wrong password")
        try server.stop()
        let lines = server.process.standardError.lines
        let line = try #require(try lines.lazy.compactMap(json).first { $0.names.contains("route") })
        #expect(try line.string("ts").wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
        #expect(try line.string("method") == "POST")
        #expect(try line.string("route") == "/login")
        #expect(try line.integer("status") == 401)
        #expect(try line.string("client_ip") == "127.0.0.1")
        #expect(try !line.string("request_id").isEmpty)
    }

    @Test func `does not make alice where there is an account`() throws {
        let server = try RunningLanyard(["--dev"])
        #expect(
            try server.run(["account", "add", "bob", "--password-stdin", "--dev"], input: "bobs very own password\n")
                .ending == .exit(0))
        #expect(try server.run(["account", "remove", "alice", "--dev"]).ending == .exit(0))
        let again = try server.restarted(["--dev"])
        #expect(try again.logIn("alice", RunningLanyard.alicesPassword).status == 401)
        #expect(try again.logIn("bob", "bobs very own password").status == 200)
    }

    @Test func `has a store that every command reaches with the same flag`() throws {
        let server = try RunningLanyard(["--dev"])
        for command in [
            ["account", "list"], ["session", "list", "alice"], ["client", "list"], ["key", "list"],
            ["config", "check"],
        ] {
            let output = try server.run(command + ["--dev"])
            #expect(output.ending == .exit(0), "\(command): \(output.standardError)")
        }
        // Without it they look for another store, and none of them makes it.
        #expect(try server.run(["account", "list"]).ending == .exit(69))
        #expect(!server.folder.contains("data/lanyard.sqlite3"))
    }

    @Test func `is not what a server without the flag is`() throws {
        let server = try RunningLanyard()
        #expect(try server.logIn("alice", RunningLanyard.alicesPassword).status == 401)
        let reply = try server.send(
            "OPTIONS", "/login", fields: ["Origin: http://localhost:5173", "Access-Control-Request-Method: POST"])
        #expect(reply["access-control-allow-origin"] == nil)
    }

    private func json(_ line: String) throws -> JSONObject? {
        line.hasPrefix("{") ? try JSONObject(line) : nil
    }
}

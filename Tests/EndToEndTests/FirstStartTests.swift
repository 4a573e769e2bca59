// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@Suite struct `The first start` {
    @Test func `makes a store and a master key that only the owner can read`() throws {
        let server = try RunningLanyard()
        let folder = server.folder
        #expect(try folder.mode(of: "data") == 0o700)
        #expect(try folder.mode(of: "data/lanyard.sqlite3") == 0o600)
        #expect(try folder.mode(of: "data/master.key") == 0o600)
        let key = String(decoding: try folder.bytes(of: "data/master.key"), as: UTF8.self)
        #expect(try AccessToken.decode(key.filter { $0 != "\n" }).count == 32, "32 bytes, base64url")
        for (name, item) in try folder.picture(of: "data") {
            #expect(item.mode & 0o077 == 0, "\(name) is \(item)")
        }
    }

    @Test func `says when it is ready, on a line for each listener, and nothing else`() throws {
        let server = try RunningLanyard()
        #expect(try server.stop() == .exit(0))
        let lines = [
            "lanyard: listening on http://127.0.0.1:\(server.port)",
            "lanyard: management on http://127.0.0.1:\(server.managementPort)",
        ]
        #expect(server.process.standardOutput.lines == lines)
        #expect(server.port != server.managementPort)
    }

    @Test func `says how to add an account while there is none`() throws {
        let server = try RunningLanyard()
        let hint = server.process.standardError.lines(by: .usual) { $0.contains { $0.contains("lanyard account add") } }
        #expect(hint != nil)
        #expect(
            try server.run(["account", "add", "bob", "--password-stdin"], input: "bobs very own password\n").ending
                == .exit(0))
        let second = try server.restarted()
        try second.stop()
        #expect(!second.process.standardError.text.contains("lanyard account add"))
    }

    @Test func `publishes a signing key that stays`() throws {
        let server = try RunningLanyard()
        let keys = try server.get("/.well-known/jwks.json").text
        let again = try server.restarted()
        #expect(try again.get("/.well-known/jwks.json").text == keys)
    }

    @Test func `needs nothing but a folder to write to`() throws {
        let folder = try TemporaryFolder()
        let invocation = Lanyard.invocation(["serve", "--listen", "127.0.0.1:0"], in: folder)
        var bare = invocation
        bare.environment = [:]
        let process = try ChildProcess(bare)
        defer { process.send(SIGKILL) }
        #expect(process.standardOutput.lines(by: .usual) { $0.count == 2 } != nil, "\(process.standardError.text)")
        process.send(SIGTERM)
        #expect(try process.waitForEnd() == .exit(0))
    }

    @Test func `at the same moment as another makes one store, one master key and one signing key`() throws {
        for _ in 0..<3 {
            let folder = try TemporaryFolder()
            let invocation = Lanyard.invocation(["serve", "--listen", "127.0.0.1:0"], in: folder)
            let processes = [try ChildProcess(invocation), try ChildProcess(invocation), try ChildProcess(invocation)]
            defer { processes.forEach { $0.send(SIGKILL) } }
            var sets: Set<String> = []
            for process in processes {
                let lines = try #require(
                    process.standardOutput.lines(by: .usual) { $0.count == 2 }, "\(process.standardError.text)")
                let port = try #require(lines[0].split(separator: ":").last.flatMap { UInt16($0) })
                let connection = try RawConnection(port: port)
                try connection.send("GET /.well-known/jwks.json HTTP/1.1\r\nHost: localhost:\(port)\r\n\r\n")
                sets.insert(try connection.reply().text)
            }
            #expect(sets.count == 1)
            #expect(try JSONObject(sets.first ?? "").objects("keys").count == 1)
            for process in processes {
                process.send(SIGTERM)
                #expect(try process.waitForEnd() == .exit(0))
            }
        }
    }

    @Test func `of many commands and servers at once loses nothing`() throws {
        let folder = try TemporaryFolder()
        let names = (0..<4).map { "account-\($0)" }
        let commands = try names.map { name in
            try ChildProcess(
                Lanyard.invocation(
                    ["account", "add", name, "--password-stdin"], input: "a password for \(name)\n", in: folder))
        }
        for command in commands {
            #expect(try command.waitForEnd() == .exit(0), "\(command.standardError.text)")
        }
        let server = try RunningLanyard(in: folder)
        for name in names {
            #expect(try server.logIn(name, "a password for \(name)").status == 200)
        }
    }
}

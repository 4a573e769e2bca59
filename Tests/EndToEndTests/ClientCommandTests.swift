// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct `The client commands` {
    @Test func `add a client and print its secret once`() throws {
        let folder = try TemporaryFolder()
        let output = try Lanyard.run(["client", "add", "feeds", "--role", "reader", "--role", "a:b"], in: folder)
        let client = try ClientCredentials(output)
        #expect(client.id == "feeds")
        #expect(client.secret.wholeMatch(of: /[A-Za-z0-9_-]{43}/) != nil)
        #expect(output.standardError.contains(folder.path + "/data/lanyard.sqlite3"), "it makes a store and says so")
        #expect(!output.standardError.contains(client.secret))

        let listed = try Lanyard.run(["client", "list", "--json"], in: folder)
        let object = try #require(try JSONObject.array(listed.standardOutput).first)
        #expect(object.names == ["id", "roles", "created"])
        #expect(try object.string("id") == "feeds")
        #expect(try object.strings("roles") == ["reader", "a:b"])
        #expect(try object.string("created").wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
        let text = try Lanyard.run(["client", "list"], in: folder).standardOutput
        #expect(text.contains("feeds") && text.contains("reader,a:b"))
        for file in ["data/lanyard.sqlite3", "data/lanyard.sqlite3-wal"] {
            let bytes = (try? TemporaryFolder.bytes(at: folder.path(of: file))) ?? []
            #expect(!String(decoding: bytes, as: UTF8.self).contains(client.secret), "\(file)")
        }
    }

    @Test func `list clients by name`() throws {
        let folder = try TemporaryFolder()
        for name in ["b", "a", "B"] { _ = try ClientCredentials(try Lanyard.run(["client", "add", name], in: folder)) }
        let listed = try JSONObject.array(try Lanyard.run(["client", "list", "--json"], in: folder).standardOutput)
        #expect(try listed.map { try $0.string("id") } == ["B", "a", "b"])
    }

    @Test(arguments: [
        "lanyard", "", "a b", "ä", "a/b", "a%b", "a\u{301}", String(repeating: "a", count: 65), "taken", "the-id",
    ])
    func `refuse a name that cannot be one, or is taken`(name: String) throws {
        let server = try RunningLanyard()
        _ = try server.addClient("taken")
        try server.add("bob")
        try server.sql("UPDATE account SET id = 'the-id'")
        try expectRefusal(try server.run(["client", "add", name]), 65)
        let listed = try JSONObject.array(try server.run(["client", "list", "--json"]).standardOutput)
        #expect(try listed.map { try $0.string("id") } == ["taken"])
        #expect(try server.run(["client", "add", String(repeating: "a", count: 64)]).ending == .exit(0))
    }

    @Test func `refuse a role that cannot be one, and make no store for it`() throws {
        let folder = try TemporaryFolder()
        try expectRefusal(try Lanyard.run(["client", "add", "feeds", "--role", "a b"], in: folder), 65)
        try expectRefusal(try Lanyard.run(["client", "add"], in: folder), 64)
        try expectRefusal(try Lanyard.run(["client"], in: folder), 64)
        try expectRefusal(try Lanyard.run(["client", "list"], in: folder), 69)
        try expectRefusal(try Lanyard.run(["client", "remove", "feeds"], in: folder), 69)
    }

    @Test func `remove a client, and only one that there is`() throws {
        let folder = try TemporaryFolder()
        let first = try ClientCredentials(try Lanyard.run(["client", "add", "feeds"], in: folder))
        #expect(try Lanyard.run(["client", "remove", "feeds"], in: folder).ending == .exit(0))
        for name in ["feeds", "Feeds", "no\u{1B}thing"] {
            let output = try Lanyard.run(["client", "remove", name], in: folder)
            try expectRefusal(output, 65)
            #expect(!output.standardError.contains("\u{1B}"))
        }
        #expect(try Lanyard.run(["client", "list", "--json"], in: folder).standardOutput == "[]\n")
        let second = try ClientCredentials(try Lanyard.run(["client", "add", "feeds"], in: folder))
        #expect(second.secret != first.secret)
    }
}

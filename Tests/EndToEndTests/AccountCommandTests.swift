// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct `The account commands` {
    static let password = "a password of the tests"

    @Test func `add an account that can log in at once, on a server that runs`() throws {
        let server = try RunningLanyard()
        #expect(try server.logIn("bob", Self.password).status == 401)
        let output = try add(
            "bob", "--email", "bob@example.org", "--role", "reader", "--role", "editor", "--claim", "team=red",
            "--claim", "level:=3", "--claim", #"tags:=["a","b"]"#, in: server.folder)
        #expect(output.ending == .exit(0), "\(output.standardError)")

        let login = try TokenResponse(try server.logIn("bob", Self.password))
        #expect(try login.claims.strings("roles").sorted() == ["editor", "reader"])
        #expect(try login.claims.string("team") == "red")
        #expect(try login.claims.integer("level") == 3)
        #expect(try login.claims.strings("tags") == ["a", "b"])

        let account = try JSONObject(try server.run(["account", "show", "bob", "--json"]).standardOutput)
        #expect(try account.string("id") == login.claims.string("sub"))
    }

    @Test func `show an account with every member of its shape`() throws {
        let server = try RunningLanyard()
        #expect(try add("Bob", in: server.folder).ending == .exit(0))
        let before = try JSONObject(try server.run(["account", "show", "bob", "--json"]).standardOutput)
        #expect(before.names == ["id", "name", "email", "roles", "claims", "disabled", "created", "last_login"])
        #expect(try before.string("name") == "Bob")
        #expect(before.isNull("email"))
        #expect(before.isNull("last_login"))
        #expect(try before.strings("roles") == [])
        #expect(try before.object("claims").names == [])
        #expect(try before.bool("disabled") == false)
        let time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/
        #expect(try before.string("created").wholeMatch(of: time) != nil)

        #expect(try server.logIn("BOB", Self.password).status == 200)
        let after = try JSONObject(try server.run(["account", "show", "bob", "--json"]).standardOutput)
        #expect(try after.string("last_login").wholeMatch(of: time) != nil)
        #expect(try server.run(["account", "show", "bob"]).standardOutput.contains("Bob"))
    }

    @Test func `list all accounts`() throws {
        let folder = try TemporaryFolder()
        for name in ["carol", "alice", "Bob"] { #expect(try add(name, in: folder).ending == .exit(0)) }
        let objects = try JSONObject.array(try Lanyard.run(["account", "list", "--json"], in: folder).standardOutput)
        #expect(try objects.map { try $0.string("name") }.sorted() == ["Bob", "alice", "carol"])
        let text = try Lanyard.run(["account", "list"], in: folder).standardOutput
        #expect(["carol", "alice", "Bob"].allSatisfy(text.contains))
    }

    @Test func `change a password, and the sessions of the old one are over`() throws {
        let server = try RunningLanyard()
        #expect(try add("bob", in: server.folder).ending == .exit(0))
        let login = try TokenResponse(try server.logIn("bob", Self.password))
        let change = try server.run(
            ["account", "password", "bob", "--password-stdin"], input: "quite another password\n")
        #expect(change.ending == .exit(0), "\(change.standardError)")
        #expect(try server.logIn("bob", Self.password).status == 401)
        #expect(try server.logIn("bob", "quite another password").status == 200)
        try expectProblem(try server.refresh(login.refreshToken), 401, "invalid_grant")
    }

    @Test func `remove an account, and its sessions are over`() throws {
        let server = try RunningLanyard()
        #expect(try add("bob", in: server.folder).ending == .exit(0))
        let login = try TokenResponse(try server.logIn("bob", Self.password))
        #expect(try server.run(["account", "remove", "bob"]).ending == .exit(0))
        try expectProblem(try server.logIn("bob", Self.password), 401, "invalid_credentials")
        try expectProblem(try server.refresh(login.refreshToken), 401, "invalid_grant")
        try expectRefusal(try server.run(["account", "show", "bob"]), 65)
        #expect(try add("bob", in: server.folder).ending == .exit(0))
        let fresh = try TokenResponse(try server.logIn("bob", Self.password))
        #expect(try fresh.claims.string("sub") != login.claims.string("sub"), "a new account is somebody else")
    }

    @Test func `say where they made a store`() throws {
        let folder = try TemporaryFolder()
        let first = try add("bob", in: folder)
        #expect(first.standardError.contains(folder.path + "/data/lanyard.sqlite3"))
        #expect(try folder.mode(of: "data") == 0o700)
        #expect(try folder.mode(of: "data/master.key") == 0o600)
        #expect(try !add("carol", in: folder).standardError.contains(folder.path))
    }

    @Test(arguments: [["list"], ["show", "bob"], ["remove", "bob"], ["password", "bob", "--password-stdin"]])
    func `that only look or change never make a store`(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let output = try Lanyard.run(["account"] + arguments, input: Self.password + "\n", in: folder)
        try expectRefusal(output, 69)
        #expect(!folder.contains("data"))
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        let name: String
        let arguments: [String]
        let code: Int32
        var input = password + "\n"

        var testDescription: String { name }
    }

    static let refusals = [
        Refusal(name: "a name that exists", arguments: ["add", "bob"], code: 65),
        Refusal(name: "a name that exists in other case", arguments: ["add", "BOB"], code: 65),
        Refusal(name: "an empty name", arguments: ["add", ""], code: 65),
        Refusal(name: "a name with blanks around it", arguments: ["add", " carol"], code: 65),
        Refusal(name: "a name with a control character", arguments: ["add", "car\u{7}ol"], code: 65),
        Refusal(name: "a name of 129", arguments: ["add", String(repeating: "c", count: 129)], code: 65),
        Refusal(name: "a role with a blank", arguments: ["add", "carol", "--role", "a b"], code: 65),
        Refusal(
            name: "a role of 65", arguments: ["add", "carol", "--role", String(repeating: "r", count: 65)], code: 65),
        Refusal(name: "a reserved claim", arguments: ["add", "carol", "--claim", "sub=root"], code: 65),
        Refusal(name: "another reserved claim", arguments: ["add", "carol", "--claim", "scope=all"], code: 65),
        Refusal(name: "a claim that is no JSON", arguments: ["add", "carol", "--claim", "a:=[1,]"], code: 65),
        Refusal(name: "a short password", arguments: ["add", "carol"], code: 65, input: "fourteen chars\n"),
        Refusal(
            name: "a long password", arguments: ["add", "carol"], code: 65,
            input: String(repeating: "x", count: 257) + "\n"),
        Refusal(
            name: "a password with a control character", arguments: ["add", "carol"], code: 65,
            input: "a password with a tab\there\n"),
        Refusal(name: "no password", arguments: ["add", "carol"], code: 65, input: "\n"),
        Refusal(name: "a password for nobody", arguments: ["password", "nobody"], code: 65),
        Refusal(name: "a new password that is short", arguments: ["password", "bob"], code: 65, input: "short\n"),
    ]

    @Test(arguments: refusals)
    func `refuse`(refusal: Refusal) throws {
        let folder = try TemporaryFolder()
        #expect(try add("bob", in: folder).ending == .exit(0))
        let before = try Lanyard.run(["account", "list", "--json"], in: folder).standardOutput
        let output = try Lanyard.run(
            ["account"] + refusal.arguments + ["--password-stdin"], input: refusal.input, in: folder)
        try expectRefusal(output, refusal.code)
        #expect(try Lanyard.run(["account", "list", "--json"], in: folder).standardOutput == before)
    }

    @Test(arguments: [["show", "nobody"], ["remove", "nobody"]])
    func `do not know an account that is not there`(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        #expect(try add("bob", in: folder).ending == .exit(0))
        try expectRefusal(try Lanyard.run(["account"] + arguments, in: folder), 65)
    }

    @Test(arguments: [
        ["add"], ["add", "bob", "carol"], ["add", "bob", "--color", "red"], ["show"], ["nonsense"],
        ["add", "carol", "--claim", "novalue", "--password-stdin"],
    ])
    func `are told how they are used`(arguments: [String]) throws {
        let output = try Lanyard.run(["account"] + arguments, input: Self.password + "\n", in: TemporaryFolder())
        #expect(output.ending == .exit(64), "\(output.standardError)")
        #expect(output.standardOutput == "")
    }

    @Test func `ask for a password only on a terminal`() throws {
        let folder = try TemporaryFolder()
        try expectRefusal(try Lanyard.run(["account", "add", "bob"], input: "a password in a pipe\n", in: folder), 64)
        #expect(!folder.contains("data"), "nothing is made")
    }

    @Test(.enabled(if: Peers.python != nil, Peers.howToGet))
    func `ask for it twice on a terminal, and show nothing`() throws {
        let folder = try TemporaryFolder()
        var invocation = Lanyard.invocation([Peers.folder + "/terminal.py", Lanyard.binary], in: folder)
        invocation.executable = try #require(Peers.python)
        let output = try Lanyard.run(invocation)
        #expect(output.ending == .exit(0), "\(output.standardOutput)\(output.standardError)")
        let server = try RunningLanyard(in: folder)
        #expect(try server.logIn("bob", "typed into a terminal").status == 200)
    }

    @Test func `never take a password as an argument`() throws {
        let output = try Lanyard.run(["account", "add", "bob", "--password", Self.password], in: TemporaryFolder())
        #expect(output.ending == .exit(64))
    }

    @Test func `take a password as it was typed, blanks and all`() throws {
        let server = try RunningLanyard()
        let odd = "  pässwörd with blanks  "
        #expect(try server.run(["account", "add", "bob", "--password-stdin"], input: odd + "\n").ending == .exit(0))
        #expect(try server.logIn("bob", odd).status == 200)
        #expect(try server.logIn("bob", "  pa\u{308}sswo\u{308}rd with blanks  ").status == 200, "NFC")
        #expect(try server.logIn("bob", "pässwörd with blanks").status == 401)
    }

    private func add(_ name: String, _ more: String..., in folder: TemporaryFolder) throws -> Lanyard.Output {
        try Lanyard.run(["account", "add", name, "--password-stdin"] + more, input: Self.password + "\n", in: folder)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

/// `account disable`, `enable` and `role`, on a server that runs.
@Suite struct `Changing accounts` {
    private static let settings = ["LANYARD_TOKENS_AUDIENCE": "lanyard,feeds"]

    @Test func `by disabling one ends its sessions for good`() throws {
        let server = try RunningLanyard()
        try server.add("bob")
        try server.add("carol")
        let bobs = try (0..<3).map { _ in try server.open("bob") }
        let carols = try server.open("carol")
        let disabled = try server.run(["account", "disable", "BOB"])
        #expect(disabled.ending == .exit(0) && disabled.standardOutput == "")
        #expect(disabled.standardError == "lanyard: disabled the account BOB and ended 3 sessions\n")

        for login in bobs { try expectProblem(try server.refresh(login.refreshToken), 401, "invalid_grant") }
        try expectProblem(try server.logIn("bob", `The account commands`.password), 401, "invalid_credentials")
        #expect(try server.refresh(carols.refreshToken).status == 200)
        #expect(try account("bob", server).bool("disabled"))
        #expect(try server.run(["session", "list", "bob", "--json"]).standardOutput == "[]\n")

        let again = try server.run(["account", "disable", "bob"])
        #expect(again.ending == .exit(0))
        #expect(again.standardError.contains("already"))

        let enabled = try server.run(["account", "enable", "bob"])
        #expect(enabled.ending == .exit(0) && enabled.standardOutput == "")
        #expect(try !account("bob", server).bool("disabled"))
        for login in bobs { try expectProblem(try server.refresh(login.refreshToken), 401, "invalid_grant") }
        #expect(try server.refresh(server.open("bob").refreshToken).status == 200)
        #expect(try server.run(["account", "enable", "bob"]).ending == .exit(0), "as often as one likes")
    }

    @Test func `counts the sessions that a new password and a removal end`() throws {
        let server = try RunningLanyard()
        try server.add("bob")
        _ = try server.open("bob")
        let change = ["account", "password", "bob", "--password-stdin"]
        #expect(try server.run(change, input: "quite another password\n").standardError.contains("ended 1 session\n"))
        #expect(try server.run(["account", "remove", "bob"]).standardError.contains("ended no session\n"))
    }

    @Test func `by roles shows at the next refresh, within what the login asked for`() throws {
        let server = try RunningLanyard(settings: Self.settings)
        try server.add("bob", "--role", "reader", "--role", "writer", "--claim", "team=red")
        let all = try server.open("bob")
        let asked = try server.open("bob", ["roles": ["writer", "reader"], "audience": "feeds"])
        let change = try server.run(["account", "role", "bob", "--add", "auditor", "--remove", "writer"])
        #expect(change.ending == .exit(0) && change.standardOutput == "", "\(change.standardError)")
        #expect(change.standardError.contains("reader auditor"))
        #expect(try account("bob", server).strings("roles") == ["reader", "auditor"])
        try server.sql(#"UPDATE account SET claims = '{"team":"blue"}'"#)

        let allNow = try TokenResponse(try server.refresh(all.refreshToken))
        #expect(try allNow.claims.strings("roles") == ["reader", "auditor"])
        #expect(try allNow.claims.string("aud") == "lanyard")
        #expect(try allNow.claims.string("team") == "blue", "the claims of now")
        let askedNow = try TokenResponse(try server.refresh(asked.refreshToken))
        #expect(try askedNow.claims.strings("roles") == ["reader"])
        #expect(try askedNow.claims.string("aud") == "feeds")

        // What was asked for is kept: a role that comes back is there again.
        #expect(try server.run(["account", "role", "bob", "--add", "writer"]).ending == .exit(0))
        let back = try TokenResponse(try server.refresh(asked.refreshToken))
        #expect(try Set(back.claims.strings("roles")) == ["reader", "writer"])
        #expect(try server.run(["session", "list", "bob"]).standardOutput.split(separator: "\n").count == 2)
    }

    @Test func `by roles that are so already changes nothing and says so`() throws {
        let server = try RunningLanyard()
        try server.add("bob", "--role", "reader")
        for arguments in [["--add", "reader"], ["--remove", "writer"], ["--remove", "a b"], ["--remove", ""]] {
            let output = try server.run(["account", "role", "bob"] + arguments)
            #expect(output.ending == .exit(0) && output.standardOutput == "")
            #expect(output.standardError.contains("nothing was changed"))
        }
        let mixed = try server.run(["account", "role", "bob", "--add", "reader", "--add", "writer", "--add", "writer"])
        #expect(mixed.standardError.contains("bob has the role reader already"))
        #expect(try account("bob", server).strings("roles") == ["reader", "writer"])
        #expect(
            try server.run(["account", "role", "bob", "--remove", "reader", "--remove", "writer"]).ending == .exit(0))
        #expect(try account("bob", server).strings("roles") == [])
    }

    @Test func `by roles refuses what no account could be added with`() throws {
        let folder = try TemporaryFolder()
        let added = try Lanyard.run(
            ["account", "add", "bob", "--password-stdin", "--claim", "long=\(String(repeating: "x", count: 4_000))"],
            input: `The account commands`.password + "\n", in: folder)
        #expect(added.ending == .exit(0))
        let cases: [([String], Int32)] = [
            (["bob", "--add", "a b"], 65), (["bob", "--add", ""], 65), (["bob", "--add", "r\u{F6}le"], 65),
            (["bob", "--add", String(repeating: "r", count: 65)], 65), (["nobody", "--add", "reader"], 65),
            (["bob", "--add", String(repeating: "r", count: 60), "--add", String(repeating: "s", count: 60)], 65),
            (["bob", "--add", "good", "--add", "a b"], 65), (["bob"], 64), (["bob", "--add"], 64), ([], 64),
            (["bob", "--add", "x", "--remove", "x"], 64), (["bob", "carol", "--add", "x"], 64),
        ]
        for (arguments, status) in cases {
            let output = try Lanyard.run(["account", "role"] + arguments, in: folder)
            #expect(output.ending == .exit(status), "\(arguments): \(output.standardError)")
            #expect(output.standardOutput == "" && output.complaints.count == 1)
        }
        let shown = try JSONObject(try Lanyard.run(["account", "show", "bob", "--json"], in: folder).standardOutput)
        #expect(try shown.strings("roles") == [])
    }

    @Test func `from many places at once loses no role`() throws {
        let server = try RunningLanyard()
        try server.add("bob", "--role", "r0", "--role", "r1", "--role", "r2")
        let next = Mutex(0)
        let workers = Workers(of: 4) { _ in
            let number = next.withLock { number in
                number += 1
                return number
            }
            let edit = number <= 3 ? ["--remove", "r\(number - 1)"] : ["--add", "s\(number)"]
            let output = try server.run(["account", "role", "bob"] + edit)
            guard output.ending == .exit(0) else { throw Failure(output.standardError) }
        }
        try workers.wait(forRounds: 24)
        try workers.stop()
        let expected = Set((4...next.withLock(\.self)).map { "s\($0)" })
        #expect(try Set(account("bob", server).strings("roles")) == expected)
    }

    @Test(arguments: [["disable", "bob"], ["enable", "bob"], ["role", "bob", "--add", "reader"]])
    func `never makes a store`(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        try expectRefusal(try Lanyard.run(["account"] + arguments, in: folder), 69)
        #expect(!folder.contains("data"))
    }

    @Test(arguments: [["disable", "nobody"], ["enable", "nobody"]])
    func `does not know an account that is not there`(arguments: [String]) throws {
        let server = try RunningLanyard()
        try server.add("bob")
        try expectRefusal(try server.run(["account"] + arguments), 65)
    }

    private func account(_ name: String, _ server: RunningLanyard) throws -> JSONObject {
        try JSONObject(try server.run(["account", "show", name, "--json"]).standardOutput)
    }
}

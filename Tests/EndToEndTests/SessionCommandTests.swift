// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct `The session commands` {
    @Test func `list the sessions of an account, newest first`() throws {
        let server = try RunningLanyard()
        try server.add("bob")
        try server.add("carol")
        #expect(try list("bob", server).isEmpty)
        let first = try server.open("bob", ["label": "phone\u{202E}"])
        let second = try server.open("BOB")
        _ = try server.open("carol")

        let sessions = try list("bob", server)
        #expect(try sessions.map { try $0.string("id") } == [second.session, first.session])
        for session in sessions {
            #expect(session.names == ["id", "label", "created", "last_used", "network", "current"])
            let time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/
            #expect(try session.string("created").wholeMatch(of: time) != nil)
            #expect(try session.string("last_used") == session.string("created"))
            #expect(try session.string("network") == "127.0.0.0/24")
            #expect(try session.bool("current") == false)
        }
        #expect(sessions[0].isNull("label"))
        #expect(try sessions[1].string("label") == "phone\u{202E}")
        let text = try server.run(["session", "list", "bob"]).standardOutput
        #expect(text.split(separator: "\n").count == 2)
        #expect(text.contains(#"phone\u202e"#), "nothing that turns a line around")
        #expect(!text.contains(first.refreshToken.split(separator: ".")[3]))
    }

    @Test func `tell when a session was last used`() throws {
        let settings = ["LANYARD_SESSIONS_REFRESH_GRACE": "0s"]
        let server = try RunningLanyard(settings: settings)
        try server.add("bob")
        let login = try server.open("bob")
        try server.sql("UPDATE session SET created_at = created_at - 60000, rotated_at = rotated_at - 60000")
        _ = try TokenResponse(try server.refresh(login.refreshToken))
        let session = try #require(try list("bob", server).first)
        #expect(try session.string("created") < session.string("last_used"))
    }

    @Test func `list no session that is over`() throws {
        let server = try RunningLanyard(settings: ["LANYARD_SESSIONS_REFRESH_GRACE": "0s"])
        try server.add("bob")
        let (reused, idle, old) = (try server.open("bob"), try server.open("bob"), try server.open("bob"))
        let next = try TokenResponse(try server.refresh(reused.refreshToken))
        _ = try TokenResponse(try server.refresh(next.refreshToken))
        #expect(try server.refresh(reused.refreshToken).status == 401)
        try server.sql(
            "UPDATE session SET rotated_at = rotated_at - 14 * 86400000 WHERE id = '\(try idle.session)'",
            "UPDATE session SET created_at = created_at - 30 * 86400000 WHERE id = '\(try old.session)'")
        #expect(try list("bob", server).isEmpty)
        for login in [reused, idle, old] {
            try expectRefusal(try server.run(["session", "revoke", login.session]), 65)
        }
    }

    @Test func `end one session at once`() throws {
        let server = try RunningLanyard()
        try server.add("bob")
        let (ended, other) = (try server.open("bob"), try server.open("bob"))
        #expect(try server.refresh(ended.refreshToken).status == 200)
        let output = try server.run(["session", "revoke", ended.session])
        #expect(output.ending == .exit(0), "\(output.standardError)")
        #expect(try output.standardError.contains(ended.session) && output.standardOutput == "")

        try expectProblem(try server.refresh(ended.refreshToken), 401, "invalid_grant")
        #expect(try server.refresh(other.refreshToken).status == 200)
        #expect(try list("bob", server).map { try $0.string("id") } == [other.session])
        let again = try server.run(["session", "revoke", ended.session])
        try expectRefusal(again, 65)
        #expect(again.standardError.contains("over already"))
    }

    @Test func `end a session whose id begins with a hyphen`() throws {
        let server = try RunningLanyard()
        try server.add("bob")
        _ = try server.open("bob")
        let id = "-_AAAAAAAAAAAAAAAAAAAA"
        try server.sql("UPDATE session SET id = '\(id)'")
        let output = try server.run(["session", "revoke", id])
        #expect(output.ending == .exit(0), "\(output.standardError)")
        #expect(try list("bob", server).isEmpty)
    }

    @Test func `end the sessions of one account`() throws {
        let server = try RunningLanyard()
        try server.add("bob")
        try server.add("carol")
        let bobs = try (0..<3).map { _ in try server.open("bob") }
        let carols = try server.open("carol")
        let output = try server.run(["session", "revoke", "--account", "BOB"])
        #expect(output.ending == .exit(0))
        #expect(output.standardError.contains("3 sessions"))
        for login in bobs { try expectProblem(try server.refresh(login.refreshToken), 401, "invalid_grant") }
        #expect(try server.refresh(carols.refreshToken).status == 200)
        #expect(try server.open("bob").reply.status == 200, "logging in again is not forbidden")
    }

    @Test func `end all sessions, thousands of them some at a time`() throws {
        let server = try RunningLanyard()
        try server.add("bob")
        try server.add("carol")
        let logins = [try server.open("bob"), try server.open("carol")]
        // As many as three steps take, and one row more.
        try server.sql(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2999)
            INSERT INTO session (id, account_id, current, previous, rotated_at, created_at, ended_at, cause,
            tokens_until, sweep_at, audience, roles, delivery, label, network)
            SELECT printf('%022d', i), account_id, current, previous, rotated_at, created_at,
            ended_at, cause, tokens_until, sweep_at, audience, roles, delivery, label, network
            FROM n, session WHERE id = '\(try logins[0].session)'
            """)
        let output = try server.run(["session", "revoke", "--all"])
        #expect(output.ending == .exit(0), "\(output.standardError)")
        #expect(output.standardError == "lanyard: ended 3001 sessions\n")
        #expect(try server.sql("SELECT count(*) FROM session WHERE ended_at IS NULL") == ["0"])
        for login in logins { try expectProblem(try server.refresh(login.refreshToken), 401, "invalid_grant") }
        #expect(try server.run(["session", "revoke", "--all"]).standardError == "lanyard: ended no session\n")
        #expect(try server.refresh(server.open("bob").refreshToken).status == 200)
    }

    @Test(arguments: [
        ["list", "bob"], ["revoke", "AAAAAAAAAAAAAAAAAAAAAA"], ["revoke", "--account", "bob"], ["revoke", "--all"],
    ])
    func `never make a store`(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        try expectRefusal(try Lanyard.run(["session"] + arguments, in: folder), 69)
        #expect(!folder.contains("data"))
    }

    @Test(arguments: [
        ["list", "nobody"], ["list", " bob"], ["revoke", "nonsense"], ["revoke", ""], ["revoke", "a'b"],
        ["revoke", "AAAAAAAAAAAAAAAAAAAAAA"], ["revoke", "--account", "nobody"],
    ])
    func `do not know what is not there`(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let added = try Lanyard.run(
            ["account", "add", "bob", "--password-stdin"], input: `The account commands`.password + "\n", in: folder)
        #expect(added.ending == .exit(0))
        let output = try Lanyard.run(["session"] + arguments, in: folder)
        try expectRefusal(output, 65)
        #expect(output.standardError.contains("there is no "))
    }

    @Test(arguments: [
        [], ["nonsense"], ["list"], ["list", "bob", "carol"], ["revoke"], ["revoke", "--account"],
        ["revoke", "a", "b"], ["revoke", "a", "--all"], ["revoke", "a", "--account", "bob"],
        ["revoke", "--account", "bob", "--all"], ["revoke", "a", "--account", "bob", "--all"], ["revoke", "--json"],
    ])
    func `are told how they are used`(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let output = try Lanyard.run(["session"] + arguments, in: folder)
        #expect(output.ending == .exit(64), "\(output.standardError)")
        #expect(output.standardOutput == "" && !folder.contains("data"))
    }

    private func list(_ name: String, _ server: RunningLanyard) throws -> [JSONObject] {
        let output = try server.run(["session", "list", name, "--json"])
        #expect(output.ending == .exit(0), "\(output.standardError)")
        return try JSONObject.array(output.standardOutput)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct `A password that its owner changes` {
    private static let new = "another password of the tests"

    @Test func `is the only one from then on, also after a restart, and is told to nobody`() throws {
        let service = try KeyService()
        let server = try service.start()
        let (mine, other) = (try server.logInBob(), try server.logInBob())
        let wrong = try server.post(
            "/password", ["current_password": "a wrong password", "new_password": Self.new], fields: [mine.bearer])
        try expectProblem(wrong, 401, "invalid_credentials")
        #expect(try server.logLine(of: wrong).string("event") == "password_refused")
        let reply = try server.post(
            "/password", ["current_password": KeyService.password, "new_password": Self.new], fields: [mine.bearer])
        expectUsualFields(reply)
        #expect(reply.status == 204)
        _ = try server.logLine(of: reply, event: "password_changed")
        #expect(try server.get("/me", fields: [mine.bearer]).status == 200)
        #expect(try server.get("/me", fields: [other.bearer]).status == 401)

        #expect(try server.stop() == .exit(0))
        let again = try service.start()
        #expect(try again.refresh(mine.refreshToken).status == 200)
        #expect(try again.refresh(other.refreshToken).status == 401)
        try expectProblem(try again.logIn("bob", KeyService.password), 401, "invalid_credentials")
        #expect(try again.logIn("bob", Self.new).status == 200)
        for log in [server, again].map(\.process.standardError.text) {
            #expect(!log.contains("password of the tests") && !log.contains("a wrong password"))
            #expect(!log.contains(mine.accessToken) && !log.contains(mine.refreshToken))
        }
    }

    static let refused = [
        ("short", "password_too_short"), (String(repeating: "long ", count: 60), "password_too_long"),
        ("correct horse battery staple", "password_blocked"), (KeyService.password, "password_blocked"),
    ]

    @Test(arguments: refused)
    func `is refused by the policy with a word for it`(password: String, word: String) throws {
        let service = try KeyService()
        let server = try service.start()
        let login = try server.logInBob()
        let change = ["current_password": KeyService.password, "new_password": password]
        let reply = try server.post("/password", change, fields: [login.bearer])
        try expectProblem(reply, 422, word)
        #expect(try server.logIn("bob", KeyService.password).status == 200)
    }

    @Test func `is judged by the settings`() throws {
        let service = try KeyService(["LANYARD_PASSWORDS_MIN_LENGTH": "8"])
        let server = try service.start()
        let login = try server.logInBob()
        let form = "current_password=a+password+of+the+tests&new_password=kq8w%20zz1"
        let type = "application/x-www-form-urlencoded"
        #expect(try server.post("/password", form, type: type, fields: [login.bearer]).status == 204)
        #expect(try server.logIn("bob", "kq8w zz1").status == 200)
    }

    @Test func `can be changed once, when two try at once`() throws {
        let service = try KeyService(["LANYARD_PASSWORDS_LANES": "2"])
        let server = try service.start()
        let (one, other) = (try server.logInBob(), try server.logInBob())
        let connections = try [one, other].enumerated().map { index, login in
            let body = """
                {"current_password":"\(KeyService.password)","new_password":"password number \(index) of the tests"}
                """
            let connection = try RawConnection(port: server.port)
            let head = """
                POST /password HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(login.bearer)\r\n\
                Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n
                """
            try connection.send(Array((head + body).utf8))
            return connection
        }
        let statuses = try connections.map { try $0.reply().status }
        // Whoever is second is told that the password is another one, or that the session is over.
        #expect(statuses.sorted() == [204, 401])
        let winner = statuses[0] == 204 ? 0 : 1
        #expect(try server.logIn("bob", "password number \(winner) of the tests").status == 200)
        #expect(try server.logIn("bob", "password number \(1 - winner) of the tests").status == 401)
        #expect(try server.get("/me", fields: [[one, other][winner].bearer]).status == 200)
        #expect(try server.get("/me", fields: [[one, other][1 - winner].bearer]).status == 401)
    }
}

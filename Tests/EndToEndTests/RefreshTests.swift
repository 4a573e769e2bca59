// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(.server("--dev"))
struct `A refresh` {
    let server: RunningLanyard

    init() throws {
        server = try .shared()
    }

    @Test func `soon after the login keeps the refresh token and gives a new access token`() throws {
        let login = try server.logInAlice(["roles": ["reader"]])
        let answer = try TokenResponse(try server.refresh(login.refreshToken))
        expectUsualFields(answer.reply)
        #expect(answer.reply["cache-control"] == "no-store")
        #expect(answer.reply["content-type"] == "application/json")
        #expect(answer.object.names == login.object.names)
        #expect(answer.refreshToken == login.refreshToken)
        #expect(try answer.claims.string("jti") != login.claims.string("jti"))
        for name in ["iss", "sub", "sid", "client_id", "preferred_username"] {
            #expect(try answer.claims.string(name) == login.claims.string(name), "\(name)")
        }
        #expect(try answer.claims.integer("auth_time") == login.claims.integer("auth_time"))
        #expect(try answer.claims.strings("amr") == ["pwd"])
        #expect(try answer.claims.strings("roles") == ["reader"], "the roles asked for at login")
        #expect(try answer.object.integer("refresh_expires_in") <= 1_209_600)
    }

    @Test func `can be a form`() throws {
        let login = try server.logInAlice()
        let form = "application/x-www-form-urlencoded"
        let reply = try server.post("/refresh", "refresh_token=\(login.refreshToken)", type: form)
        #expect(try TokenResponse(reply).refreshToken == login.refreshToken)
    }

    @Test func `gives the bare token to those who accept application-jwt`() throws {
        let login = try server.logInAlice()
        let reply = try server.refresh(login.refreshToken, fields: ["Accept: application/jwt"])
        #expect(reply.status == 200)
        #expect(reply["content-type"] == "application/jwt")
        #expect(try AccessToken(reply.text).claims.string("sid") == login.claims.string("sid"))
    }

    @Test func `may present an access token of its own session`() throws {
        let login = try server.logInAlice()
        let bearer = ["Authorization: Bearer \(login.accessToken)"]
        #expect(try server.refresh(login.refreshToken, fields: bearer).status == 200)
    }

    @Test func `with an access token of another session is refused`() throws {
        let login = try server.logInAlice()
        let other = try server.logInAlice()
        for token in [other.accessToken, login.accessToken + "A", "x"] {
            let reply = try server.refresh(login.refreshToken, fields: ["Authorization: Bearer \(token)"])
            try expectProblem(reply, 401, "invalid_token")
        }
        #expect(try server.refresh(login.refreshToken).status == 200)
    }

    @Test func `with a token that has any character changed is refused`() throws {
        let login = try server.logInAlice()
        let token = Array(login.refreshToken.utf8)
        for index in token.indices {
            for replacement in [UInt8(ascii: "A"), UInt8(ascii: "b"), UInt8(ascii: "2"), UInt8(ascii: ".")]
            where replacement != token[index] {
                var changed = token
                changed[index] = replacement
                let reply = try server.refresh(String(decoding: changed, as: UTF8.self))
                #expect(reply.status == 401, "byte \(index) as \(replacement): \(reply.text)")
            }
        }
        #expect(try server.refresh(login.refreshToken).status == 200, "the session is as it was")
    }

    @Test func `with a token of the wrong form is refused`() throws {
        let login = try server.logInAlice()
        let parts = login.refreshToken.split(separator: ".").map(String.init)
        let other = try server.logInAlice().refreshToken.split(separator: ".").map(String.init)
        let garbled = [
            "x", ".", "rt1", "rt1.", "rt1...", "rt1.a.1.b", login.refreshToken + "A", login.refreshToken + "=",
            login.refreshToken + ".", " " + login.refreshToken, login.refreshToken + "\n",
            String(login.refreshToken.dropLast()), String(login.refreshToken.dropFirst()),
            login.refreshToken.uppercased(), login.accessToken, String(repeating: "A", count: 4_000),
            [parts[0], other[1], parts[2], parts[3]].joined(separator: "."),
            [parts[0], parts[1], "0" + parts[2], parts[3]].joined(separator: "."),
            [parts[0], parts[1], "+" + parts[2], parts[3]].joined(separator: "."),
            [parts[0], parts[1], "-1", parts[3]].joined(separator: "."),
            [parts[0], parts[1], "18446744073709551616", parts[3]].joined(separator: "."),
            [parts[0], parts[1], parts[2], other[3]].joined(separator: "."),
        ]
        for token in garbled {
            try expectProblem(try server.refresh(token), 401, "invalid_grant")
        }
        #expect(try server.refresh(login.refreshToken).status == 200, "the session is as it was")
    }

    static let malformed = [
        "", "{", "[]", #"{"refresh_token":7}"#, #"{"refresh_token":null}"#, #"{"refresh_token":["x"]}"#,
        #"{"refresh_token":"x","refresh_token":"x"}"#, #"{"refresh_token":"x",}"#,
    ]

    @Test(arguments: malformed)
    func `that is malformed is refused`(body: String) throws {
        try expectProblem(try server.post("/refresh", body), 400, "invalid_request")
    }

    @Test func `that is malformed as a form is refused`() throws {
        let form = "application/x-www-form-urlencoded"
        try expectProblem(
            try server.post("/refresh", "refresh_token=x&refresh_token=x", type: form), 400, "invalid_request")
        try expectProblem(try server.post("/refresh", "token=x", type: form), 400, "invalid_request")
        try expectProblem(try server.post("/refresh", "x", type: "text/plain"), 415, "unsupported_media_type")
    }

    @Test func `may be larger than a login, up to 64 KiB`() throws {
        let padding = String(repeating: " ", count: 60_000)
        let login = try server.logInAlice()
        #expect(try server.post("/refresh", #"{"refresh_token":"\#(login.refreshToken)"}"# + padding).status == 200)
        let over = try server.post("/refresh", String(repeating: " ", count: 65_537))
        try expectProblem(over, 413, "content_too_large")
    }
}

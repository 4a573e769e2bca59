// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite(.server("--dev", settings: ["LANYARD_TOKENS_AUDIENCE": "lanyard,feeds,photos"]))
struct `A login` {
    let server: RunningLanyard

    init() throws {
        server = try .shared()
    }

    @Test func `answers with tokens and nothing else`() throws {
        let answer = try server.logInAlice()
        expectUsualFields(answer.reply)
        #expect(answer.reply["content-type"] == "application/json")
        #expect(answer.reply["cache-control"] == "no-store")
        #expect(answer.reply["set-cookie"] == nil)
        let names: Set = [
            "access_token", "token_type", "expires_in", "refresh_after", "refresh_token", "refresh_expires_in",
        ]
        #expect(answer.object.names == names)
        #expect(try answer.object.string("token_type") == "Bearer")
        #expect(try answer.object.integer("expires_in") == 900)
        #expect(try (1..<900).contains(answer.object.integer("refresh_after")))
        // What is left of 14 days; some of it may go by while the tokens are signed.
        #expect(try (1_209_500...1_209_600).contains(answer.object.integer("refresh_expires_in")))
    }

    @Test func `gives a refresh token of the first form`() throws {
        let parts = try server.logInAlice().refreshToken.split(separator: ".", omittingEmptySubsequences: false)
        #expect(parts.count == 4)
        #expect(parts.first == "rt1")
        let code = try AccessToken.decode(parts.last ?? "")
        #expect(code.count >= 16, "128 bits of MAC or more")
    }

    @Test func `gives an access token with the header of the contract`() throws {
        let header = try AccessToken(try server.logInAlice().accessToken).header
        #expect(header.names == ["alg", "kid", "typ"])
        #expect(try header.string("alg") == "RS256")
        #expect(try header.string("typ") == "at+jwt")
        let key = try #require(
            try JSONObject(server.get("/.well-known/jwks.json").body).objects("keys").first {
                try $0.string("kid") == header.string("kid")
            })
        #expect(try header.string("kid") == thumbprint(of: key))
    }

    @Test func `gives an access token with the claims of RFC 9068`() throws {
        let before = Int(Date().timeIntervalSince1970)
        let answer = try server.logInAlice()
        let after = Int(Date().timeIntervalSince1970) + 1
        let token = try AccessToken(answer.accessToken)
        let claims = token.claims
        let names: Set = [
            "iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "sid", "auth_time", "amr",
            "preferred_username", "roles", "status",
        ]
        #expect(claims.names == names)
        #expect(token.signature.count == 256)
        #expect(try claims.string("iss") == "http://localhost:\(server.port)")
        #expect(try claims.string("aud") == "lanyard")
        #expect(try claims.string("client_id") == "lanyard")
        #expect(try claims.string("preferred_username") == "alice")
        #expect(try claims.strings("amr") == ["pwd"])
        #expect(try claims.strings("roles").sorted() == ["reader", "writer"])
        #expect(try (before...after).contains(claims.integer("iat")))
        #expect(try claims.integer("nbf") <= claims.integer("iat"))
        #expect(try claims.integer("exp") == claims.integer("iat") + 900)
        #expect(try (before...after).contains(claims.integer("auth_time")))
        #expect(try AccessToken.decode(claims.string("jti")).count >= 16, "128 random bits or more")
        #expect(try !claims.string("sid").isEmpty)
        let subject = try claims.string("sub")
        #expect(subject != "alice" && !subject.isEmpty)
        #expect(answer.accessToken.utf8.count <= 8_192)
    }

    @Test func `of the same account is the same subject in another session`() throws {
        let first = try server.logInAlice()
        let second = try server.logInAlice()
        #expect(try first.claims.string("sub") == second.claims.string("sub"))
        #expect(try first.claims.string("sid") != second.claims.string("sid"))
        #expect(try first.claims.string("jti") != second.claims.string("jti"))
        #expect(first.refreshToken != second.refreshToken)
    }

    @Test func `compares the name without case and the password with it`() throws {
        #expect(try server.logIn("ALICE", RunningLanyard.alicesPassword).status == 200)
        #expect(try server.logIn("alice", "Correct horse battery staple").status == 401)
    }

    @Test func `by form answers like one by JSON`() throws {
        let form = "username=alice&password=correct+horse%20battery+staple&audience=feeds+photos&roles=reader"
        let reply = try server.post("/login", form, type: "application/x-www-form-urlencoded")
        let answer = try TokenResponse(reply)
        #expect(try answer.claims.strings("aud").sorted() == ["feeds", "photos"])
        #expect(try answer.claims.strings("roles") == ["reader"])
    }

    @Test(arguments: ["application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON"])
    func `takes JSON by every spelling of its name`(type: String) throws {
        let body = #"{"username":"alice","password":"correct horse battery staple"}"#
        #expect(try server.post("/login", body, type: type).status == 200)
    }

    @Test func `reads every escape of JSON`() throws {
        let body = #" { "user\u006eame" : "\u0061lice" , "password" : "correct\u0020horse battery staple" } "#
        #expect(try server.post("/login", body).status == 200)
    }

    @Test func `for an audience gives a token for that audience`() throws {
        #expect(try server.logInAlice(["audience": "feeds"]).claims.string("aud") == "feeds")
        #expect(try server.logInAlice(["audience": ["photos"]]).claims.string("aud") == "photos")
        let both = try server.logInAlice(["audience": ["photos", "feeds"]]).claims.strings("aud")
        #expect(both.sorted() == ["feeds", "photos"])
    }

    @Test func `for an audience that is not allowed is refused`() throws {
        try expectProblem(
            try server.logIn("alice", RunningLanyard.alicesPassword, ["audience": "bank"]), 400, "invalid_target")
        let mixed = try server.logIn("alice", RunningLanyard.alicesPassword, ["audience": ["feeds", "bank"]])
        try expectProblem(mixed, 400, "invalid_target")
    }

    @Test func `for some roles gives those only`() throws {
        #expect(try server.logInAlice(["roles": ["writer"]]).claims.strings("roles") == ["writer"])
        let both = try server.logInAlice(["roles": ["writer", "reader"]]).claims.strings("roles")
        #expect(both.sorted() == ["reader", "writer"])
    }

    @Test func `for a role that is not held is refused`() throws {
        let reply = try server.logIn("alice", RunningLanyard.alicesPassword, ["roles": ["reader", "admin"]])
        try expectProblem(reply, 400, "invalid_scope")
    }

    @Test func `never says with a wrong password which roles are held`() throws {
        for roles in [["admin"], ["reader"], ["reader", "admin"]] {
            let reply = try server.logIn("alice", "a wrong password", ["roles": roles])
            try expectProblem(reply, 401, "invalid_credentials")
        }
    }

    @Test func `takes a label of up to 128 code points`() throws {
        let longest = String(repeating: "\u{1F4F1}", count: 128)
        #expect(try server.logIn("alice", RunningLanyard.alicesPassword, ["label": longest]).status == 200)
        let over = try server.logIn("alice", RunningLanyard.alicesPassword, ["label": longest + "x"])
        try expectProblem(over, 400, "invalid_request")
    }

    @Test func `gives the bare token to those who accept application-jwt`() throws {
        let members = ["username": "alice", "password": RunningLanyard.alicesPassword]
        let reply = try server.post("/login", members, fields: ["Accept: application/jwt"])
        expectUsualFields(reply)
        #expect(reply.status == 200)
        #expect(reply["content-type"] == "application/jwt")
        #expect(reply["cache-control"] == "no-store")
        #expect(try AccessToken(reply.text).claims.string("preferred_username") == "alice")
    }
}

/// The thumbprint of an RSA key (RFC 7638 §3), made with a program of its own.
private func thumbprint(of key: JSONObject) throws -> String {
    let members = #"{"e":"\#(try key.string("e"))","kty":"RSA","n":"\#(try key.string("n"))"}"#
    let folder = try TemporaryFolder()
    let output = try Lanyard.run(
        ChildProcess.Invocation(
            executable: "/usr/bin/sha256sum", arguments: [], folder: folder.path, input: Array(members.utf8)))
    let digits = Array(output.standardOutput.prefix(64))
    let bytes = stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
    return Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
        "=", with: "")
}

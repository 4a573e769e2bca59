// SPDX-License-Identifier: Apache-2.0

import Testing

/// Services that get tokens for themselves and ask about those of others, on a real server.
@Suite struct `A service client` {
    private static let grant = "grant_type=client_credentials"

    @Test(.enabled(if: Peers.python != nil, Peers.howToGet))
    func `is served as the OAuth client of Authlib expects`() throws {
        let settings = [
            "LANYARD_STORE_URL": "sqlite:data/dev/lanyard.sqlite3", "LANYARD_KEYS_MASTER_FILE": "data/dev/master.key",
        ]
        let server = try RunningLanyard(["--dev"])
        let client = try server.addClient("feeds", "--role", "reader", settings: settings)
        let output = try Lanyard.run(
            ChildProcess.Invocation(
                executable: try #require(Peers.python),
                arguments: [
                    Peers.folder + "/authlib_client.py", "http://localhost:\(server.port)", client.id, client.secret,
                ],
                environment: Lanyard.environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 },
                folder: server.folder.path))
        #expect(output.ending == .exit(0), "\(output.standardOutput)\(output.standardError)")
        for method in ["client_secret_basic", "client_secret_post"] {
            #expect(output.standardOutput.contains("revokes tokens with \(method)\n"))
        }
        print(output.standardOutput, terminator: "")
    }

    @Test func `is known and unknown as soon as the command says so`() throws {
        let server = try RunningLanyard()
        let client = try server.addClient("feeds", "--role", "reader")
        let reply = try server.post(form: Self.grant, to: "/token", fields: [client.basic])
        expectUsualFields(reply)
        #expect(reply.status == 200)
        #expect(reply["pragma"] == "no-cache")
        let object = try JSONObject(reply.body)
        #expect(object.names == ["access_token", "token_type", "expires_in", "refresh_after"])
        let token = try object.string("access_token")
        let claims = try AccessToken(token).claims
        #expect(claims.names == ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "roles", "status"])
        #expect(try claims.strings("roles") == ["reader"])
        let verified = try Lanyard.run(
            ["token", "verify", "-", "--issuer", server.url, "--audience", "lanyard"], input: token,
            in: server.folder)
        #expect(verified.ending == .exit(0), "\(verified.standardError)")

        let other = try server.addClient("other")
        #expect(try introspect(token, other, server).names.contains("sub"))
        #expect(try server.run(["client", "remove", "feeds"]).ending == .exit(0))
        #expect(try introspect(token, other, server).names == ["active"])
        let refused = try server.post(form: Self.grant, to: "/token", fields: [client.basic])
        #expect(refused.status == 401)
        #expect(refused["www-authenticate"] == "Basic realm=\"\(server.url)\"")
        #expect(try JSONObject(refused.body).string("error") == "invalid_client")
    }

    @Test func `learns at once that a session is over`() throws {
        let server = try RunningLanyard()
        try server.add("bob")
        let client = try server.addClient("feeds")
        let (first, second) = (try server.open("bob"), try server.open("bob"))
        #expect(try introspect(first.accessToken, client, server).string("username") == "bob")
        let revoked = try server.post(form: "token=\(first.refreshToken)", to: "/revoke")
        expectUsualFields(revoked)
        #expect(revoked.status == 200 && revoked.body.isEmpty)
        #expect(try introspect(first.accessToken, client, server).names == ["active"])
        #expect(try introspect(second.accessToken, client, server).string("sid") == second.session)
        #expect(try server.run(["account", "disable", "bob"]).ending == .exit(0))
        #expect(try introspect(second.accessToken, client, server).names == ["active"])
    }

    @Test func `waits after wrong secrets, on every server of the store, as the settings say`() throws {
        let server = try RunningLanyard.reloadable([], ["LANYARD_ABUSE_FREE_TRIES": "3"])
        let replica = try RunningLanyard([], in: server.folder)
        let client = try server.addClient("feeds")
        for number in 0..<3 {
            let spoofed = "X-Forwarded-For: 192.0.2.\(number)"
            let asked = number == 1 ? replica : server
            let form = Self.grant + "&client_id=feeds&client_secret=x"
            #expect(try asked.post(form: form, to: "/token", fields: [spoofed]).status == 401)
        }
        let limited = try server.post(form: Self.grant, to: "/token", fields: [client.basic])
        try expectProblem(limited, 429, "rate_limited")
        let seconds = try #require(limited["retry-after"].flatMap(Int.init))
        #expect((1...30).contains(seconds))
        #expect(
            try replica.post(form: Self.grant, to: "/token", fields: [client.basic]).status == 200,
            "five are free there")

        for _ in 0..<3 {
            _ = try server.post(form: Self.grant + "&client_id=feeds&client_secret=x", to: "/token")
        }
        #expect(try server.post(form: Self.grant, to: "/token", fields: [client.basic]).status == 429)
        try server.reload(["LANYARD_ABUSE_ENABLED": "false"])
        #expect(try server.post(form: Self.grant, to: "/token", fields: [client.basic]).status == 200)
    }

    private func introspect(_ token: String, _ client: ClientCredentials, _ server: RunningLanyard) throws -> JSONObject
    {
        let reply = try server.post(form: "token=\(token)", to: "/introspect", fields: [client.basic])
        guard reply.status == 200 else { throw Failure("\(reply.status): \(reply.text)") }
        expectUsualFields(reply)
        return try JSONObject(reply.body)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct `The command token revoke` {
    @Test func `ends the session of a token, from its argument or standard input`() throws {
        let service = try KeyService()
        let server = try service.start()
        for isInput in [false, true] {
            let login = try server.logInBob()
            let status = try TokenStatus(login)
            let token = isInput ? login.refreshToken : login.accessToken
            let output =
                isInput
                ? try service.run(["token", "revoke", "-"], input: token + "\n")
                : try service.run(["token", "revoke", token])
            #expect(output.ending == .exit(0), "\(output.standardError)")
            #expect(output.standardOutput == "")
            #expect(output.standardError.contains(try login.claims.string("sid")))
            try expectProblem(try server.refresh(login.refreshToken), 401, "invalid_grant")
            #expect(try happens(within: .seconds(60)) { try server.shows(status) })
            let again = try service.run(["token", "revoke", token])
            #expect(again.ending == .exit(0), "\(again.standardError)")
            #expect(again.standardError.contains("over already"))
        }
    }

    @Test func `revokes the tokens of a service client offline, and leaves its secret good`() throws {
        let server = try RunningLanyard(settings: ["LANYARD_STATUS_TTL": "5s"])
        let client = try server.addClient("feeds")
        let other = try server.addClient("other")
        let old = try token(of: client, server)
        #expect(try verify(old, server).ending == .exit(0))
        #expect(try server.run(["token", "revoke", old]).ending == .exit(0))
        #expect(try introspect(old, other, server) == ["active"])
        #expect(try happens(within: .seconds(60)) { try verify(old, server).ending == .exit(1) })

        let new = try token(of: client, server)
        #expect(try introspect(new, other, server).contains("sub"))
        #expect(try verify(new, server).ending == .exit(0))
        #expect(try server.run(["client", "remove", "feeds"]).ending == .exit(0))
        #expect(try introspect(new, other, server) == ["active"])
        #expect(try happens(within: .seconds(60)) { try verify(new, server).ending == .exit(1) })

        // The next one of this name has nothing to do with those tokens.
        let successor = try server.addClient("feeds")
        #expect(try introspect(token(of: successor, server), other, server).contains("sub"))
        for token in [old, new] { #expect(try introspect(token, other, server) == ["active"]) }
    }

    @Test func `exits with 1 for any other token, and makes no store`() throws {
        let service = try KeyService()
        let other = try KeyService()
        let foreign = try other.start().logInBob()
        for token in ["x", "a.b.c", foreign.accessToken, foreign.refreshToken] {
            try expectRefusal(try service.run(["token", "revoke", token]), 1)
        }
        try expectRefusal(try service.run(["token", "revoke"]), 64)
        let empty = try TemporaryFolder()
        try expectRefusal(try Lanyard.run(["token", "revoke", "x"], in: empty), 69)
        #expect(!empty.contains("data"))
    }

    private func token(of client: ClientCredentials, _ server: RunningLanyard) throws -> String {
        let reply = try server.post(form: "grant_type=client_credentials", to: "/token", fields: [client.basic])
        return try JSONObject(reply.body).string("access_token")
    }

    private func verify(_ token: String, _ server: RunningLanyard) throws -> Lanyard.Output {
        try server.run(["token", "verify", token, "--issuer", server.url])
    }

    private func introspect(
        _ token: String, _ client: ClientCredentials, _ server: RunningLanyard
    ) throws -> Set<String> {
        let reply = try server.post(form: "token=\(token)", to: "/introspect", fields: [client.basic])
        return try JSONObject(reply.body).names
    }
}

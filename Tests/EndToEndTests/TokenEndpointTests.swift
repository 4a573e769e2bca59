// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(.server("--dev"))
struct `The token endpoint` {
    let server: RunningLanyard

    init() throws {
        server = try .shared()
    }

    @Test func `is where the metadata says, and refreshes`() throws {
        let metadata = try JSONObject(try server.get("/.well-known/oauth-authorization-server").body)
        #expect(try metadata.string("token_endpoint") == "http://localhost:\(server.port)/token")
        #expect(try metadata.strings("grant_types_supported") == ["refresh_token", "client_credentials"])
        #expect(
            try metadata.strings("token_endpoint_auth_methods_supported")
                == ["none", "client_secret_basic", "client_secret_post"])
        let login = try server.logInAlice()
        let answer = try TokenResponse(
            try post("grant_type=refresh_token&client_id=lanyard&refresh_token=\(login.refreshToken)"))
        expectUsualFields(answer.reply)
        #expect(answer.reply["content-type"] == "application/json")
        #expect(answer.reply["cache-control"] == "no-store")
        #expect(answer.reply["pragma"] == "no-cache")
        #expect(try answer.claims.string("sid") == login.claims.string("sid"))
        #expect(answer.object.names == login.object.names)
    }

    @Test(arguments: [
        ("grant_type=refresh_token", 400, "invalid_request"),
        ("grant_type=refresh_token&refresh_token=a&refresh_token=a", 400, "invalid_request"),
        ("grant_type=refresh_token&refresh_token=a", 400, "invalid_grant"),
        ("grant_type=client_credentials", 401, "invalid_client"),
        ("grant_type=client_credentials&client_id=lanyard", 400, "unauthorized_client"),
        ("grant_type=password&username=alice&password=x", 400, "unsupported_grant_type"),
        ("grant_type=refresh_token&refresh_token=a&client_id=other", 400, "invalid_grant"),
        ("grant_type=refresh_token&refresh_token=a&scope=all", 400, "invalid_scope"),
        ("grant_type=refresh_token&refresh_token=a&client_secret=x", 401, "invalid_client"),
    ])
    func `refuses in the words of OAuth`(form: String, status: Int, error: String) throws {
        try expectOAuthError(try post(form), status, error)
    }

    @Test func `refuses credentials that no client has`() throws {
        let login = try server.logInAlice()
        let form = "grant_type=refresh_token&refresh_token=\(login.refreshToken)"
        let reply = try post(form, fields: ["Authorization: Basic bGFueWFyZDpzZWNyZXQ="])
        try expectOAuthError(reply, 401, "invalid_client")
        #expect(reply["www-authenticate"] == "Basic realm=\"http://localhost:\(server.port)\"")
        #expect(try post(form).status == 200)
    }

    @Test func `answers what OAuth has no word for as everywhere`() throws {
        try expectProblem(try server.post("/token", "{}"), 415, "unsupported_media_type")
        try expectProblem(try server.get("/token"), 405, "method_not_allowed")
        try expectProblem(
            try post(String(repeating: "a", count: 65_537)), 413, "content_too_large")
    }

    private func post(_ form: String, fields: [String] = []) throws -> Reply {
        try server.post("/token", form, type: "application/x-www-form-urlencoded", fields: fields)
    }

    private func expectOAuthError(_ reply: Reply, _ status: Int, _ error: String) throws {
        expectUsualFields(reply)
        #expect(reply.status == status)
        #expect(reply["content-type"] == "application/json")
        #expect(reply["cache-control"] == "no-store")
        let object = try JSONObject(reply.body)
        #expect(object.names == ["error", "error_description"])
        #expect(try object.string("error") == error)
    }
}

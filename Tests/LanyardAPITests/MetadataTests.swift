// SPDX-License-Identifier: Apache-2.0

import LanyardAPI
import LanyardCoding
import LanyardCore
import TestSupport
import Testing

@Suite struct `Metadata` {
    private static let issuers = [
        IssuerURL("https://auth.example.com", origin: "https://auth.example.com", path: ""),
        IssuerURL("https://example.com/auth", origin: "https://example.com", path: "/auth"),
    ]

    @Test(arguments: issuers)
    func `says what there is, and nothing that is not`(issuer: IssuerURL) async throws {
        let fixture = try await ServiceFixture { $0.policies.tokens.issuer = issuer }
        var expected: JSONObject = [
            "issuer": .string(issuer.text),
            "jwks_uri": .string(issuer.text + "/.well-known/jwks.json"),
            "token_endpoint": .string(issuer.text + "/token"),
            "response_types_supported": ["none"],
            "grant_types_supported": ["refresh_token", "client_credentials"],
            "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
            "introspection_endpoint": .string(issuer.text + "/introspect"),
            "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "revocation_endpoint": .string(issuer.text + "/revoke"),
            "revocation_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
        ]
        // RFC 8414 §3.1 puts the path of the issuer behind the name, OpenID Connect Discovery 1.0 §4 before it.
        for path in Set(["", issuer.path]) {
            let name = "/.well-known/oauth-authorization-server"
            for target in [name + path, path + name] {
                #expect(try fixture.send("GET", target).json == expected, "\(target)")
            }
        }
        expected["subject_types_supported"] = ["public"]
        expected["id_token_signing_alg_values_supported"] = ["ES256"]
        for path in Set(["", issuer.path]) {
            let name = "/.well-known/openid-configuration"
            for target in [name + path, path + name] {
                #expect(try fixture.send("GET", target).json == expected, "\(target)")
            }
        }
    }

    @Test(arguments: issuers)
    func `leads to what answers`(issuer: IssuerURL) async throws {
        let fixture = try await ServiceFixture { $0.policies.tokens.issuer = issuer }
        let metadata = try fixture.send("GET", "/.well-known/oauth-authorization-server" + issuer.path)
        let keys = metadata.text("jwks_uri").dropFirst(issuer.origin.count)
        #expect(try fixture.send("GET", String(keys)).status == 200)
        let endpoint = metadata.text("token_endpoint").dropFirst(issuer.origin.count)
        let body = try "grant_type=refresh_token&refresh_token=\(fixture.logIn().text("refresh_token"))"
        let answer = try fixture.send(
            "POST", String(endpoint), body: body, type: "application/x-www-form-urlencoded")
        #expect(answer.status == 200)
        let secret = try await fixture.addClient()
        let query = "token=\(answer.text("access_token"))"
        for (name, form) in [
            ("introspection_endpoint", query + "&client_id=feeds&client_secret=\(secret)"),
            ("revocation_endpoint", query),
        ] {
            let path = String(metadata.text(name).dropFirst(issuer.origin.count))
            #expect(try fixture.post(form: form, to: path).status == 200, "\(name)")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardStore
import LanyardVerifier
import TestSupport
import Testing

@Suite struct `Tokens of service clients` {
    @Test func `say who has them and nothing of a session`() async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        let answer = try fixture.clientToken(secret)
        #expect(answer.status == 200)
        #expect(answer["content-type"] == "application/json")
        #expect(answer["cache-control"] == "no-store")
        #expect(answer["pragma"] == "no-cache")
        #expect(try answer.json.members.map(\.name) == ["access_token", "token_type", "expires_in", "refresh_after"])
        #expect(try answer.json["token_type"] == "Bearer")
        #expect(try answer.json["expires_in"] == 900)
        let refreshAfter = try #require(try answer.json["refresh_after"]?.number?.integer)
        #expect((510...600).contains(refreshAfter))

        let claims = try answer.claims
        let names = ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "roles"]
        #expect(claims.members.map(\.name) == names)
        #expect(claims["sub"] == "feeds" && claims["client_id"] == "feeds")
        #expect(claims["aud"] == "lanyard")
        #expect(claims["roles"] == ["reader", "writer"])
        let token = try fixture.verify(answer.text("access_token"))
        #expect(token.sessionID == nil && token.subject == "feeds")
        let other = try fixture.clientToken(secret)
        #expect(try other.claims["jti"] != claims["jti"])
    }

    @Test func `are for the audience and the roles that are asked for`() async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        let answer = try fixture.clientToken(secret, "&audience=feeds+lanyard&roles=writer+writer")
        #expect(try answer.claims["aud"] == ["feeds", "lanyard"])
        #expect(try answer.claims["roles"] == ["writer"])
        #expect(try fixture.clientToken(secret, "&audience=&roles=&scope=").claims["aud"] == "lanyard")
        let bare = try await fixture.addClient("bare", roles: [])
        #expect(try fixture.clientToken(bare, as: "bare").claims["roles"] == [])
    }

    @Test func `are for the admin interface only if the client may`() async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        expectOAuthError(try fixture.clientToken(secret, "&audience=lanyard-admin"), 400, "invalid_target")
        let admin = try await fixture.addClient("admin", roles: ["lanyard-admin"])
        #expect(try fixture.clientToken(admin, "&audience=lanyard-admin", as: "admin").claims["aud"] == "lanyard-admin")
        #expect(try fixture.clientToken(admin, as: "admin").claims["aud"] == "lanyard")
    }

    @Test func `come bare for who asks so, and not over their limit`() async throws {
        let audiences = (0..<200).map { "https://service-\($0).example.com/of/some/length" }
        let fixture = try await ServiceFixture {
            $0.policies.tokens.audience = Audiences(distinct: ["lanyard"] + audiences)
        }
        let secret = try await fixture.addClient()
        let form = "grant_type=client_credentials"
        let bare = try fixture.post(
            form: form, to: "/token", fields: [basic("feeds", secret), "Accept: application/jwt"])
        #expect(bare["content-type"] == "application/jwt")
        #expect(bare["cache-control"] == "no-store")
        #expect(try fixture.verify(String(decoding: bare.body, as: UTF8.self)).subject == "feeds")
        let all = audiences.joined(separator: "+")
        expectOAuthError(try fixture.clientToken(secret, "&audience=\(all)"), 400, "invalid_request")
    }

    @Test func `are counted and told of`() async throws {
        let log = LogRecorder()
        let fixture = try await ServiceFixture(log: log.logger)
        let secret = try await fixture.addClient()
        _ = try fixture.clientToken(secret)
        let line = try #require(log.take().last)
        #expect(line["event"] == "client_token" && line["account"] == "feeds" && line["status"] == "200")
        let samples = try `The metrics`.samples(fixture)
        #expect(samples["lanyard_tokens_issued_total{alg=\"ES256\"}"] == 1)

        _ = try fixture.clientToken("x")
        let wrong = try #require(log.take().last)
        #expect(wrong["event"] == "client_refused" && wrong["account"] == "feeds" && wrong["reason"] == "wrong_secret")
        _ = try fixture.clientToken("x", as: "nobody")
        let unknown = try #require(log.take().last)
        #expect(unknown["event"] == "client_refused" && unknown["reason"] == "unknown_client")
        #expect(unknown["account"] == nil, "what strangers write stays out of the log")
    }

    @Test func `open nothing that asks for a session`() async throws {
        let fixture = try await ServiceFixture()
        let answer = try await fixture.clientToken(fixture.addClient())
        for path in ["/me", "/sessions"] {
            #expect(try fixture.get(path, with: answer).text("error") == "invalid_token")
        }
        #expect(try fixture.post("/logout", "{}", with: answer).status == 401)
    }

    @Test func `are given no more to a client that was removed`() async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        #expect(try fixture.clientToken(secret).status == 200)
        try await fixture.removeClient()
        expectOAuthError(try fixture.clientToken(secret), 401, "invalid_client")
    }

    // MARK: Who asks

    struct Refusal: CustomTestStringConvertible, Sendable {
        let name: String
        /// `SECRET` stands for the secret of the client `feeds`.
        let form: String
        /// What is in base64 after `Basic`, if anything.
        var basic: String?
        /// A whole field line.
        var field: String?
        let error: String
        var testDescription: String { name }
        var status: Int { error == "invalid_client" ? 401 : 400 }
    }

    static let refusals = [
        Refusal(name: "nothing", form: "", error: "invalid_client"),
        Refusal(name: "a name alone", form: "client_id=feeds", error: "invalid_client"),
        Refusal(name: "a secret alone", form: "client_secret=SECRET", error: "invalid_client"),
        Refusal(name: "an empty secret", form: "client_id=feeds&client_secret=", error: "invalid_client"),
        Refusal(name: "the public client", form: "client_id=lanyard", error: "unauthorized_client"),
        Refusal(
            name: "the public client with a secret", form: "client_id=lanyard&client_secret=SECRET",
            error: "invalid_client"),
        Refusal(name: "a wrong secret", form: "client_id=feeds&client_secret=SECRETx", error: "invalid_client"),
        Refusal(name: "an unknown client", form: "client_id=other&client_secret=SECRET", error: "invalid_client"),
        Refusal(name: "another case", form: "client_id=Feeds&client_secret=SECRET", error: "invalid_client"),
        Refusal(name: "NUL behind the name", form: "client_id=feeds%00&client_secret=SECRET", error: "invalid_client"),
        Refusal(
            name: "NUL behind the secret", form: "client_id=feeds&client_secret=SECRET%00", error: "invalid_client"),
        Refusal(name: "a blank", form: "client_id=feeds&client_secret=+SECRET", error: "invalid_client"),
        Refusal(
            name: "a very long secret", form: "client_id=feeds&client_secret=" + String(repeating: "a", count: 60_000),
            error: "invalid_client"),
        Refusal(
            name: "a very long name", form: "client_secret=SECRET&client_id=" + String(repeating: "a", count: 60_000),
            error: "invalid_client"),
        Refusal(
            name: "the name twice", form: "client_id=feeds&client_id=feeds&client_secret=SECRET",
            error: "invalid_request"),
        Refusal(
            name: "the secret twice", form: "client_id=feeds&client_secret=SECRET&client_secret=SECRET",
            error: "invalid_request"),
        Refusal(name: "no UTF-8", form: "client_id=feeds&client_secret=%ff", error: "invalid_request"),
        Refusal(
            name: "both ways", form: "client_id=feeds&client_secret=SECRET", basic: "feeds:SECRET",
            error: "invalid_request"),
        Refusal(
            name: "both ways in part", form: "client_secret=SECRET", basic: "feeds:SECRET", error: "invalid_request"),
        Refusal(name: "two names", form: "client_id=other", basic: "feeds:SECRET", error: "invalid_request"),
        Refusal(name: "a wrong Basic", form: "", basic: "feeds:SECRETx", error: "invalid_client"),
        Refusal(name: "an unknown Basic", form: "", basic: "other:SECRET", error: "invalid_client"),
        Refusal(name: "Basic without colon", form: "", basic: "SECRET", error: "invalid_client"),
        Refusal(name: "Basic without name", form: "", basic: ":SECRET", error: "invalid_client"),
        Refusal(name: "Basic without secret", form: "", basic: "feeds:", error: "invalid_client"),
        Refusal(name: "Basic with a bad escape", form: "", basic: "feeds:SECRET%2", error: "invalid_client"),
        Refusal(name: "Basic that is no UTF-8", form: "", basic: "feeds%ff:SECRET", error: "invalid_client"),
        Refusal(name: "Basic without anything", form: "", field: "Authorization: Basic", error: "invalid_client"),
        Refusal(name: "Basic that is no base64", form: "", field: "Authorization: Basic a-_b", error: "invalid_client"),
        Refusal(name: "Basic with odd padding", form: "", field: "Authorization: Basic QTpC=", error: "invalid_client"),
        Refusal(name: "another scheme", form: "", field: "Authorization: Digest a=\"b\"", error: "invalid_client"),
        Refusal(name: "a token", form: "", field: "Authorization: Bearer x", error: "invalid_client"),
        Refusal(
            name: "an assertion", form: "client_id=feeds&client_assertion=x&client_secret=SECRET",
            error: "invalid_client"),
        Refusal(
            name: "a kind of assertion", form: "client_assertion_type=x", basic: "feeds:SECRET", error: "invalid_client"
        ),
    ]

    @Test(arguments: refusals)
    func `are given to nobody else`(refusal: Refusal) async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        let form = refusal.form.replacing("SECRET", with: secret)
        let fields = [
            refusal.field,
            refusal.basic.map { "Authorization: Basic \(base64($0.replacing("SECRET", with: secret)))" },
        ].compactMap(\.self)
        let answer = try fixture.post(form: "grant_type=client_credentials&" + form, to: "/token", fields: fields)
        expectOAuthError(answer, refusal.status, refusal.error)
        #expect(answer["pragma"] == "no-cache")
        // The same at the others, but where a token of a login needs no client.
        guard refusal.error != "unauthorized_client" else { return }
        let asked = try fixture.post(form: "token=x&" + form, to: "/introspect", fields: fields)
        expectOAuthError(asked, refusal.status, refusal.error)
        guard !["nothing", "a token"].contains(refusal.name) else { return }
        let revoked = try fixture.post(form: "token=x&" + form, to: "/revoke", fields: fields)
        expectOAuthError(revoked, refusal.status, refusal.error)
    }

    @Test func `are not refused for how a name is written`() async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient("a:b.c_d-e")
        let escaped = "%61%3ab.c_d%2De"
        for text in ["a:b.c_d-e:\(secret)", "\(escaped):\(secret)", "\(escaped):%\(hex(secret))\(secret.dropFirst())"] {
            for scheme in ["Basic", "basic", "BASIC "] {
                let field = "Authorization: \(scheme) \(base64(text))"
                let answer = try fixture.post(form: "grant_type=client_credentials", to: "/token", fields: [field])
                #expect(answer.status == 200, "\(text)")
            }
        }
        let form = "grant_type=client_credentials&client_id=\(escaped)&client_secret=\(secret)"
        #expect(try fixture.post(form: form, to: "/token").status == 200)
        let both = try fixture.post(
            form: "grant_type=client_credentials&client_id=\(escaped)", to: "/token",
            fields: [basic("a:b.c_d-e", secret)])
        #expect(both.status == 200, "a name beside Basic is no second way")
    }

    private func hex(_ text: String) -> String { Array(text.utf8.prefix(1)).hexadecimal }

    @Test func `are given to no secret in a query`() async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        let path = "/token?client_id=feeds&client_secret=\(secret)&grant_type=client_credentials"
        expectOAuthError(try fixture.post(form: "grant_type=client_credentials", to: path), 401, "invalid_client")
    }

    @Test(arguments: [
        ("scope=reader", "invalid_scope"), ("roles=admin", "invalid_scope"), ("roles=reader+admin", "invalid_scope"),
        ("roles=Reader", "invalid_scope"), ("audience=other", "invalid_target"),
        ("audience=lanyard+other", "invalid_target"), ("audience=+", "invalid_request"), ("roles=+", "invalid_request"),
        ("audience=lanyard&audience=feeds", "invalid_request"), ("grant_type=client_credentials", "invalid_request"),
    ])
    func `are refused in the words of OAuth`(form: String, error: String) async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        expectOAuthError(try fixture.clientToken(secret, "&" + form), 400, error)
    }

    @Test(arguments: ["authorization_code", "password", "Client_Credentials", "client_credentials%00"])
    func `are not given for another grant`(type: String) async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        let answer = try fixture.post(form: "grant_type=\(type)", to: "/token", fields: [basic("feeds", secret)])
        expectOAuthError(answer, 400, "unsupported_grant_type")
    }

    @Test func `are not given for the refresh token of a login`() async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        let token = try fixture.logIn().text("refresh_token")
        let form = "grant_type=refresh_token&refresh_token=\(token)"
        let own = try fixture.post(form: form, to: "/token", fields: [basic("feeds", secret)])
        expectOAuthError(own, 400, "invalid_grant")
        let wrong = try fixture.post(form: form, to: "/token", fields: [basic("feeds", "x")])
        expectOAuthError(wrong, 401, "invalid_client")
        #expect(try fixture.refresh(token).text("refresh_token") == token, "it was not used")
    }

    @Test func `are not given while the store is away, which is no wrong secret`() async throws {
        for step in [ClientStore.Step.client, .judge] {
            let fixture = try await ServiceFixture(wrapping: { ClientStore($0, failingAt: step) })
            let answer = try fixture.clientToken("x")
            #expect(answer.status == 503)
            #expect(answer["content-type"] == "application/problem+json")
            #expect(answer["retry-after"] == "2")
            #expect(answer.text("error") == "store_unavailable")
        }
    }

    @Test func `are given to pages of allowed origins`() async throws {
        let fixture = try await ServiceFixture()
        for path in ["/introspect", "/revoke"] {
            let origin = "Origin: https://app.example.com"
            let answer = try fixture.post(form: "", to: path, fields: [origin])
            #expect(answer["access-control-allow-origin"] == "https://app.example.com")
            let preflight = try fixture.send(
                "OPTIONS", path, fields: [origin, "Access-Control-Request-Method: POST"])
            #expect(preflight.status == 204)
            #expect(preflight["access-control-allow-methods"] == "POST, OPTIONS")
            #expect(try fixture.send("GET", path).status == 405)
            let json = try fixture.send("POST", path, body: "{}")
            #expect(json.status == 415)
            #expect(json["accept"] == "application/x-www-form-urlencoded")
            let latin = try fixture.send(
                "POST", path, body: "token=x", type: "application/x-www-form-urlencoded; charset=iso-8859-1")
            #expect(latin.status == 415)
            #expect(try fixture.post(form: String(repeating: "a", count: 65_537), to: path).status == 413)
        }
    }
}

/// A store that fails at one step of clients.
private final class ClientStore: PassingStore {
    let store: MemoryStore
    enum Step { case client, judge }
    private let step: Step

    init(_ store: MemoryStore, failingAt step: Step) {
        self.step = step
        self.store = store
    }

    func client(id: ClientID) async throws(StoreError) -> ServiceClient? {
        guard step != .client else { throw .unavailable }
        return try await store.client(id: id)
    }

    func judge(
        _ attempt: AuthenticationTry, isRight: Bool, under limits: TryLimits, at now: UnixTime
    ) async throws(StoreError) -> TryVerdict {
        guard step != .judge else { throw .unavailable }
        return try await store.judge(attempt, isRight: isRight, under: limits, at: now)
    }
}

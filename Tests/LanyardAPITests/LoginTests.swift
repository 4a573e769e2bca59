// SPDX-License-Identifier: Apache-2.0

internal import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardPasswords
import LanyardStore
import LanyardVerifier
import TestSupport
import Testing

@Suite struct `Login` {
    @Test func `gives tokens whose claims other services can rely on`() async throws {
        let fixture = try await ServiceFixture()
        let answer = try fixture.logIn()
        #expect(answer.status == 200)
        #expect(answer["content-type"] == "application/json")
        #expect(answer["cache-control"] == "no-store")
        #expect(try answer.json["token_type"] == "Bearer")
        #expect(try answer.json["expires_in"] == 900)
        #expect(try answer.json["refresh_expires_in"] == 1_209_600)
        #expect(510...600 ~= (try answer.json["refresh_after"]?.integer ?? 0))
        #expect(answer.text("refresh_token").hasPrefix("rt1."))

        let token = try fixture.verify(answer.text("access_token"))
        #expect(token.subject == fixture.alice.id.text)
        #expect(token.audience == ["lanyard"])
        #expect(token.expires == NumericDate(fixture.clock.now + .seconds(900)))
        #expect(token.issuedAt == NumericDate(fixture.clock.now))
        #expect(token.clientID == "lanyard")
        #expect(token.roles == ["reader", "writer"])
        #expect(token.username == "alice")
        #expect(token.authenticationMethods == ["pwd"])
        #expect(token.authenticatedAt == NumericDate(fixture.clock.now))
        #expect(token.sessionID?.utf8.count == 22)
        #expect(token.id.utf8.count == 22)
        #expect(token.claims["plan"] == "gold")
        #expect(token.claims["aud"] == "lanyard")
        let header = try UnverifiedToken(answer.text("access_token")).unverifiedHeaderObject()
        #expect(header == ["alg": "ES256", "kid": .string(fixture.keyring.active.kid.text), "typ": "at+jwt"])
    }

    @Test func `takes a form as well`() async throws {
        let fixture = try await ServiceFixture()
        let answer = try fixture.send(
            "POST", "/login", body: "username=ALICE&password=a+password+of%20alice&audience=feeds+lanyard&roles=reader",
            type: "application/x-www-form-urlencoded")
        #expect(answer.status == 200)
        let token = try fixture.verify(answer.text("access_token"), audience: "feeds")
        #expect(token.audience == ["feeds", "lanyard"])
        #expect(token.roles == ["reader"])
    }

    @Test func `gives the bare token to who asks for it`() async throws {
        let fixture = try await ServiceFixture()
        let body = #"{"username":"alice","password":"\#(ServiceFixture.password)"}"#
        let answer = try fixture.send("POST", "/login", fields: ["Accept: application/jwt"], body: body)
        #expect(answer["content-type"] == "application/jwt")
        #expect(try fixture.verify(answer.text).subject == fixture.alice.id.text)
        let both = try fixture.send("POST", "/login", fields: ["Accept: application/json, */*"], body: body)
        #expect(both["content-type"] == "application/json")
    }

    /// What a client accepts, one field line each, and whether it then gets the bare token.
    private static let wishes: [(lines: [String], isBare: Bool)] = [
        ([], false), (["*/*"], false), (["application/*"], false), (["text/html, */*;q=0.8"], false),
        (["application/jwt"], true), (["Application/JWT"], true), (["application/jwt, */*"], true),
        (["application/jwt;q=0.9, */*;q=0.8"], true), (["*/*;q=0.8, application/jwt;q=0.9"], true),
        (["application/jwt;q=0.5, */*"], false), (["application/jwt;q=0.5, application/*;q=0.7"], false),
        (["application/jwt;q=0"], false), (["application/jwt;q=0.000, */*"], false),
        (["application/jwt;q=0.001"], true), (["application/jwt ; Q=0.5"], true),
        (["application/jwt;q=0.5, application/json;q=0.4"], true),
        (["application/json;q=0.4, application/jwt;q=0.5"], true),
        (["application/jwt;q=0.4", "application/json;q=0.5"], false),
        (["application/jwt, application/json"], true), (["application/json, application/jwt"], false),
        (["application/json;q=0, application/jwt;q=0.1"], true),
        // What is malformed is not asked for, and twice counts by the lower weight.
        (["application/jwt;q=x"], false), (["application/jwt;q=2"], false), (["application/jwt;q=0.1234"], false),
        (["application/json;q=, application/jwt;q=0.1"], true), (["application/jwt, application/jwt;q=0"], false),
        (["application/jwt;v=1"], true), (["application/jwt;v=1;q=0"], false), ([",; ,application/jwt"], true),
    ]

    @Test func `weighs what a client accepts`() async throws {
        let fixture = try await ServiceFixture()
        for (lines, isBare) in Self.wishes {
            let answer = try fixture.logIn(fields: lines.map { "Accept: " + $0 })
            #expect(answer.status == 200)
            #expect(answer["content-type"] == "application/\(isBare ? "jwt" : "json")", "\(lines)")
        }
    }

    @Test(arguments: [" alice", "alice\t", " \t Alice \t "])
    func `takes a name with blanks around it`(name: String) async throws {
        let fixture = try await ServiceFixture()
        let json = name.replacing("\t", with: "\\t")
        let answer = try fixture.send(
            "POST", "/login", body: #"{"username":"\#(json)","password":"\#(ServiceFixture.password)"}"#)
        #expect(answer.status == 200)
        let form =
            "username=\(name.replacing(" ", with: "+").replacing("\t", with: "%09"))&password=a+password+of+alice"
        #expect(try fixture.post(form: form, to: "/login").status == 200)
        let padded = #"{"username":"alice","password":" \#(ServiceFixture.password)"}"#
        #expect(try fixture.send("POST", "/login", body: padded).status == 401, "a password has its blanks")
    }

    @Test func `knows the audience by the name of RFC 8707 too`() async throws {
        let fixture = try await ServiceFixture()
        #expect(try fixture.logIn(#","resource":"feeds""#).claims["aud"] == "feeds")
        #expect(
            try fixture.logIn(#","resource":["feeds","lanyard"],"audience":null"#).claims["aud"] == [
                "feeds", "lanyard",
            ])
        #expect(try fixture.logIn(#","resource":"elsewhere""#).text("error") == "invalid_target")
        #expect(try fixture.logIn(#","resource":"feeds","audience":"feeds""#).text("error") == "invalid_request")
        let form = "username=alice&password=a+password+of+alice&resource=feeds"
        #expect(try fixture.post(form: form, to: "/login").claims["aud"] == "feeds")
        let secret = try await fixture.addClient()
        #expect(try fixture.clientToken(secret, "&resource=feeds").claims["aud"] == "feeds")
        #expect(try fixture.clientToken(secret, "&resource=feeds&audience=feeds").text("error") == "invalid_request")
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        let name: String, body: String, status: Int, error: String
        var testDescription: String { name }
    }

    static let refusals = [
        Refusal(name: "no JSON", body: "{", status: 400, error: "invalid_request"),
        Refusal(name: "no object", body: "[]", status: 400, error: "invalid_request"),
        Refusal(
            name: "a member twice", body: #"{"username":"a","username":"b","password":"c"}"#, status: 400,
            error: "invalid_request"),
        Refusal(
            name: "a trailing comma", body: #"{"username":"a","password":"c",}"#, status: 400, error: "invalid_request"),
        Refusal(name: "no password", body: #"{"username":"a"}"#, status: 400, error: "invalid_request"),
        Refusal(name: "null", body: #"{"username":"a","password":null}"#, status: 400, error: "invalid_request"),
        Refusal(name: "a number", body: #"{"username":1,"password":"c"}"#, status: 400, error: "invalid_request"),
        Refusal(
            name: "roles in a string", body: #"{"username":"alice","password":"c","roles":"reader"}"#, status: 400,
            error: "invalid_request"),
        Refusal(
            name: "no roles", body: #"{"username":"alice","password":"c","roles":[]}"#, status: 400,
            error: "invalid_request"),
        Refusal(
            name: "an unknown delivery", body: #"{"username":"alice","password":"c","delivery":"post"}"#, status: 400,
            error: "invalid_request"),
        Refusal(
            name: "an audience that may not be asked for",
            body: #"{"username":"alice","password":"c","audience":"billing"}"#, status: 400, error: "invalid_target"),
        Refusal(
            name: "a label over its length",
            body: #"{"username":"alice","password":"c","label":"\#(String(repeating: "é", count: 129))"}"#, status: 400,
            error: "invalid_request"),
        Refusal(
            name: "a role that is not held",
            body: #"{"username":"alice","password":"\#(ServiceFixture.password)","roles":["reader","admin"]}"#,
            status: 400, error: "invalid_scope"),
        Refusal(
            name: "the wrong password", body: #"{"username":"alice","password":"a password of bob"}"#, status: 401,
            error: "invalid_credentials"),
        Refusal(
            name: "an unknown account", body: #"{"username":"bob","password":"a password of bob"}"#, status: 401,
            error: "invalid_credentials"),
        Refusal(
            name: "an over-long name",
            body: #"{"username":"\#(String(repeating: "a", count: 129))","password":"a password of bob"}"#, status: 401,
            error: "invalid_credentials"),
        Refusal(
            name: "an over-long password",
            body: #"{"username":"alice","password":"\#(String(repeating: "a", count: 6_000))"}"#, status: 401,
            error: "invalid_credentials"),
        Refusal(
            name: "a name with a control character", body: #"{"username":"ali\u0000ce","password":"c"}"#, status: 401,
            error: "invalid_credentials"),
    ]

    @Test(arguments: refusals)
    func `is refused with the status and the word for it`(refusal: Refusal) async throws {
        let fixture = try await ServiceFixture()
        let answer = try fixture.send("POST", "/login", body: refusal.body)
        #expect(answer.status == refusal.status)
        #expect(answer["content-type"] == "application/problem+json")
        #expect(answer["cache-control"] == "no-store")
        #expect(answer.text("error") == refusal.error)
        #expect(try answer.json["status"] == .number(JSONNumber(Int64(refusal.status))))
        let id = try #require(answer["x-request-id"])
        #expect(answer.text("instance") == "urn:uuid:\(id)")
        if refusal.status == 401 {
            #expect(answer["www-authenticate"] == #"Bearer realm="https://auth.example.com""#)
            // One cost for everything that is answered with 401.
            #expect(fixture.hashesComputed == 1)
        }
    }

    @Test func `tells nobody whether an account exists`() async throws {
        let fixture = try await ServiceFixture()
        let unknown = try fixture.send("POST", "/login", body: #"{"username":"bob","password":"some password"}"#)
        let wrong = try fixture.send("POST", "/login", body: #"{"username":"alice","password":"some password"}"#)
        #expect(normalized(unknown) == normalized(wrong))
    }

    /// Everything of an answer but the id of its request and the second it was made in.
    private func normalized(_ answer: RawResponse) -> [String] {
        let id = answer["x-request-id"] ?? ""
        return ["\(answer.status)"]
            + (answer.lines + [answer.text]).map { line in
                line.lowercased().hasPrefix("date:") ? "date" : line.split(separator: id).joined(separator: "ID")
            }
    }

    @Test func `is refused while the store is away, and never as wrong credentials`() async throws {
        let fixture = try await ServiceFixture(wrapping: { _ in AwayStore() })
        let answer = try fixture.logIn()
        #expect(answer.status == 503)
        #expect(answer.text("error") == "store_unavailable")
        #expect(answer["retry-after"] == "2")
        #expect(try fixture.send("GET", "/readyz").status == 503)
        #expect(try fixture.send("GET", "/livez").status == 200)
        #expect(try fixture.send("GET", "/.well-known/jwks.json").status == 200)
    }

    @Test func `is put off with 503 when too many wait`() async throws {
        let lane = HeldLane()
        let cheap = try Argon2Parameters(memoryKiB: 8_192, iterations: 1, parallelism: 1)
        let fixture = try await ServiceFixture(
            lanes: PasswordLanes.Settings(laneCount: 1, queueCapacity: 0, parameters: cheap), derive: lane.derive)
        lane.hold()
        let first = try fixture.server.connect()
        let body = #"{"username":"bob","password":"some password"}"#
        let head = "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        try first.send(head + "Content-Length: \(body.utf8.count)\r\n\r\n" + body)
        try lane.waitUntilHeld()
        let second = try fixture.send("POST", "/login", body: body)
        #expect(second.status == 503)
        #expect(second.text("error") == "overloaded")
        #expect(second["retry-after"] == "1")
        lane.letGo()
        #expect(try first.readResponse().status == 401)
    }

    @Test func `gives no token over 8 KiB`() async throws {
        let names = (0..<120).map { "https://service-\($0).example.com/a/rather/long/audience/indeed" }
        let fixture = try await ServiceFixture { $0.policies.tokens.audience = Audiences(distinct: names) }
        let asked = names.map { "\"\($0)\"" }.joined(separator: ",")
        let answer = try fixture.logIn(
            ",\"audience\":[\(asked.prefix(7_000).split(separator: ",").dropLast().joined(separator: ","))]")
        #expect(answer.status == 400)
        #expect(answer.text("error") == "invalid_request")
    }

    @Test func `opens no session for a password that was changed meanwhile`() async throws {
        let fixture = try await ServiceFixture(wrapping: { RacingStore($0) })
        let answer = try fixture.logIn()
        #expect(answer.status == 401)
        #expect(answer.text("error") == "invalid_credentials")
    }

    @Test func `replaces a hash of other parameters, and goes on accepting the password`() async throws {
        let fixture = try await ServiceFixture(
            lanes: PasswordLanes.Settings(
                laneCount: 1, parameters: try Argon2Parameters(memoryKiB: 9_216, iterations: 1, parallelism: 1)))
        let seal = fixture.keyring.passwords
        let cheap = try Argon2Parameters(memoryKiB: 8_192, iterations: 1, parallelism: 1)
        let outdated = try PasswordHash(
            of: NewPassword(exemptFromPolicy: ServiceFixture.password), parameters: cheap,
            salt: [UInt8](repeating: 1, count: 16))
        let sealed = try seal.stored(outdated, account: fixture.alice.id)
        _ = try await fixture.store.replacePassword(
            fixture.alice.password, with: sealed, ofAccount: fixture.alice.id)
        #expect(try fixture.logIn().status == 200)
        let account = try await fixture.store.account(id: fixture.alice.id)
        let stored = try seal.open(try #require(account).password, account: fixture.alice.id)
        #expect(stored.phcString.hasPrefix("$argon2id$v=19$m=9216,t=1,p=1$"))
        #expect(try fixture.logIn().status == 200)
    }
}

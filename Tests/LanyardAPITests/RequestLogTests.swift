// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardHTTP
internal import LanyardWeb
import Logging
import TestSupport
import Testing

/// What the log says of one request: what its client was really sent, and never less.
@Suite struct `The log of a request` {
    let log = LogRecorder()

    @Test func `says that a login was refused whose token does not fit into a cookie`() async throws {
        let fixture = try await ServiceFixture(log: log.logger)
        let roles = (0..<110).map { "a-role-with-a-long-name-\($0)" }
        let new = try NewAccount(name: "carol", email: nil, roles: roles, claims: [:])
        let accepted = try new.accept(ServiceFixture.password, under: ServiceFixture.configuration().policies.passwords)
        _ = try await fixture.accounts.add(new, password: accepted)
        let answer = try fixture.send(
            "POST", "/login",
            body: #"{"username":"carol","password":"\#(ServiceFixture.password)","delivery":"cookies"}"#)
        #expect(answer.status == 400)
        let lines = log.take().filter { $0["event"] != "session_ended" }
        #expect(lines.map { $0["event"] } == ["request_refused"])
        #expect(lines.first?["status"] == "400" && lines.first?["error"] == "invalid_request")
        let metrics = try fixture.send("GET", "/metrics", to: fixture.management)
        #expect(String(decoding: metrics.body, as: UTF8.self).contains("lanyard_logins_total{result=\"ok\"} 0\n"))
    }

    @Test func `has the status of OAuth where the client has it`() async throws {
        let fixture = try await ServiceFixture(log: log.logger)
        let login = try fixture.logIn()
        _ = log.take()
        let answer = try fixture.post(form: "grant_type=refresh_token&refresh_token=rt1.forged", to: "/token")
        #expect(answer.status == 400)
        #expect(log.take().map { [$0["event"], $0["status"]] } == [["refresh_refused", "400"]])
        _ = try fixture.refresh(login.text("refresh_token"))
        #expect(try fixture.refresh("rt1.forged").status == 401)
        #expect(log.take().map { [$0["event"], $0["status"]] } == [["refresh", "200"], ["refresh_refused", "401"]])
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        let method: String, path: String
        var body: String?
        var fields: [String] = []
        let status: String, error: String
        var route: String?
        var reason: String?
        var testDescription: String { "\(method) \(path) \(status)" }
    }

    @Test(arguments: [
        Refusal(method: "GET", path: "/nowhere?secret", status: "404", error: "not_found"),
        Refusal(method: "PATCH", path: "/login", status: "405", error: "method_not_allowed", route: "/login"),
        Refusal(
            method: "POST", path: "/login", body: "{", status: "400", error: "invalid_request", route: "/login",
            reason: "The body is not one JSON object: it ends too early at byte 1."),
        Refusal(
            method: "POST", path: "/login", body: "{}", fields: ["Content-Encoding: gzip"], status: "415",
            error: "unsupported_media_type", route: "/login"),
        Refusal(method: "GET", path: "/me", status: "401", error: "invalid_token", route: "/me"),
        Refusal(method: "GET", path: "/verify/x", status: "401", error: "invalid_token", route: "/verify"),
        Refusal(
            method: "DELETE", path: "/sessions/abc", status: "401", error: "invalid_token", route: "/sessions/{id}"),
        Refusal(
            method: "POST", path: "/token", body: "grant_type=x",
            fields: [], status: "415", error: "unsupported_media_type", route: "/token"),
        Refusal(
            method: "GET", path: "/.well-known/jwks.json", fields: ["If-Match: \"x\""], status: "412",
            error: "precondition_failed", route: "/.well-known/jwks.json"),
    ])
    func `has a line for each refusal that has no event of its own`(refusal: Refusal) async throws {
        let fixture = try await ServiceFixture(log: log.logger)
        let answer = try fixture.send(
            refusal.method, refusal.path, fields: refusal.fields, body: refusal.body)
        #expect("\(answer.status)" == refusal.status)
        let lines = log.take()
        let line = try #require(lines.first)
        #expect(lines.count == 1)
        #expect(line["event"] == "request_refused" && line["level"] == "info")
        #expect(line["error"] == refusal.error && line["status"] == refusal.status)
        #expect(line["method"] == refusal.method && line["route"] == refusal.route)
        #expect(line["request_id"] == answer["x-request-id"] && line["client_ip"] == "127.0.0.1")
        #expect(line["dur_ms"] != nil)
        #expect(!line.values.contains { $0.contains("secret") })
        if let reason = refusal.reason { #expect(line["reason"] != nil, "\(reason)") }
        #expect(line["path"] == (refusal.status == "404" ? "/nowhere" : nil))
    }

    @Test func `has a line for what the engine refuses`() async throws {
        let fixture = try await ServiceFixture(
            configure: { $0.trustedProxies = TrustedProxies([AddressBlock("127.0.0.0/8")].compactMap(\.self)) },
            log: log.logger)
        let client = try fixture.server.connect()
        try client.send("GET /me HTTP/1.1\r\n\r\n")
        let answer = try client.readResponse()
        #expect(answer.status == 400)
        let line = try #require(log.take().first)
        #expect(line["event"] == "request_refused" && line["error"] == "invalid_request" && line["status"] == "400")
        #expect(line["request_id"] == answer["x-request-id"] && line["client_ip"] == "127.0.0.1")
        #expect(line["reason"]?.contains("Host") == true)

        let other = try fixture.server.connect()
        try other.send(
            "POST /login HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\nContent-Length: 100000\r\n\r\n")
        #expect(try other.readResponse().status == 413)
        let second = try #require(log.take().first)
        #expect(second["error"] == "content_too_large" && second["route"] == "/login")
        #expect(second["client_ip"] == "192.0.2.7" && second["method"] == "POST")
    }

    @Test func `is written once for a request that waits for leave to send its content`() async throws {
        let fixture = try await ServiceFixture(log: log.logger)
        let client = try fixture.server.connect()
        try client.send(
            "POST /login HTTP/1.1\r\nHost: a\r\nOrigin: https://other.example\r\nExpect: 100-continue\r\n"
                + "Content-Type: application/json\r\nContent-Length: 1\r\nConnection: close\r\n\r\n")
        #expect(try client.readResponse().status == 100)
        try client.send("{")
        #expect(try client.readResponse().status == 400)
        #expect(log.take().map { $0["event"] } == ["origin_refused"])
    }

    @Test func `has a line for each request at debug level, those from memory too`() async throws {
        let log = LogRecorder(level: .debug)
        let fixture = try await ServiceFixture(log: log.logger)
        for path in ["/livez", "/.well-known/jwks.json"] {
            let answer = try fixture.send("GET", path)
            #expect(answer.status == 200)
            let lines = log.take().filter { $0["event"] == "request" }
            #expect(lines.map { $0["request_id"] } == [answer["x-request-id"]], "\(path)")
            #expect(lines.first?["status"] == "200" && lines.first?["route"] == path)
        }
    }

    @Test func `says why a token was refused`() async throws {
        let fixture = try await ServiceFixture(log: log.logger)
        let login = try fixture.logIn()
        var claims = try login.claims
        claims["iss"] = "https://another.example"
        _ = log.take()
        _ = try fixture.send("GET", "/me", fields: ["Authorization: Bearer \(fixture.signed(claims))"])
        claims["iss"] = .string(ServiceFixture.issuer)
        claims["aud"] = "another"
        _ = try fixture.send("GET", "/me", fields: ["Authorization: Bearer \(fixture.signed(claims))"])
        var reasons = log.take().map { $0["reason"] }
        let parts = login.text("access_token").split(separator: ".")
        let signature = try fixture.logIn().text("access_token").split(separator: ".")[2]
        _ = log.take()
        _ = try fixture.send("GET", "/me", fields: ["Authorization: Bearer \(parts[0]).\(parts[1]).\(signature)"])
        reasons += log.take().map { $0["reason"] }
        #expect(reasons == ["wrong_issuer", "wrong_audience", "bad_signature"])
    }

    @Test func `is bounded for one network and event, and the rest is counted`() async throws {
        let fixture = try await ServiceFixture(log: log.logger)
        for _ in 0..<130 {
            _ = try fixture.send("GET", "/me", fields: ["Origin: https://other.example"])
        }
        #expect(log.take().count == 60)
        _ = try fixture.send("GET", "/nowhere")
        #expect(log.take().map { $0["event"] } == ["request_refused"], "another event has lines of its own")
        fixture.clock.advance(by: .seconds(60))
        _ = try fixture.send("GET", "/me", fields: ["Origin: https://other.example"])
        let lines = log.take()
        #expect(lines.map { $0["event"] } == ["origin_refused", "origin_refused"])
        #expect(lines.first?["count"] == "70" && lines.first?["network"] == "127.0.0.0/24")
        #expect(lines.last?["client_ip"] == "127.0.0.1")
    }

    @Test func `begins with a body behind a byte order mark`() async throws {
        let fixture = try await ServiceFixture(log: log.logger)
        let body = "\u{FEFF}" + #"{"username":"alice","password":"\#(ServiceFixture.password)"}"#
        #expect(try fixture.send("POST", "/login", body: body).status == 200)
    }
}

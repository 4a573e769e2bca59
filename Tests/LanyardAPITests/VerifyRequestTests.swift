// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCore
import TestSupport
import Testing

@Suite struct `A request that a proxy asks about` {
    /// A request as its bytes, `$` standing for a good token.
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let lines: [String]
        var body = ""
        var status = 204
        var testDescription: String { name }

        init(_ name: String, _ lines: String..., body: String = "", status: Int = 204) {
            self.name = name
            self.lines = lines
            self.body = body
            self.status = status
        }
    }

    private static let bearer = "Authorization: Bearer $"
    private static let cookie = "Cookie: theme=dark; __Host-lanyard-access=$"

    /// As the proxies write them: the fields that they add, and those of the client that they keep.
    static let proxies = [
        // Traefik, pkg/middlewares/auth/forward.go: always GET, without content unless `forwardBody`; the fields of the client
        // without those of the hop, and X-Forwarded-*.
        Case(
            "Traefik, GET", "GET /verify?role=reader HTTP/1.1", "User-Agent: curl/8", "Accept: */*", bearer,
            "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Host: app.example.com", "X-Forwarded-Method: GET",
            "X-Forwarded-Port: 443", "X-Forwarded-Proto: https", "X-Forwarded-Server: edge", "X-Forwarded-Uri: /a?b=c",
            "X-Real-Ip: 203.0.113.7", "Accept-Encoding: gzip"),
        Case(
            "Traefik, POST by cookie from its own page", "GET /verify HTTP/1.1", cookie,
            "Content-Type: application/json", "Origin: https://auth.example.com", "Sec-Fetch-Site: same-origin",
            "X-Forwarded-Method: POST", "X-Forwarded-Proto: https", "X-Forwarded-Uri: /a"),
        Case(
            "Traefik, POST by cookie from another page", "GET /verify HTTP/1.1", cookie,
            "Origin: https://evil.example", "Sec-Fetch-Site: cross-site", "X-Forwarded-Method: POST",
            "X-Forwarded-Uri: /a", status: 403),
        Case(
            "Traefik with forwardBody", "GET /verify HTTP/1.1", bearer,
            "Content-Type: application/x-www-form-urlencoded",
            "Content-Length: 9", "X-Forwarded-Method: POST", "X-Forwarded-Uri: /a", body: "role=none"),
        Case(
            "Traefik with forwardBody of unknown length", "GET /verify HTTP/1.1", bearer,
            "Transfer-Encoding: chunked", "X-Forwarded-Method: POST", body: "4\r\na%%%\r\n0\r\n\r\n"),
        // Caddy, modules/caddyhttp/reverseproxy/forwardauth/caddyfile.go: GET to the `uri`, X-Forwarded-Method and
        // X-Forwarded-Uri beside those of every reverse proxy.
        Case(
            "Caddy, GET", "GET /verify?audience=lanyard HTTP/1.1", "User-Agent: curl/8", bearer, "Accept: */*",
            "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Host: app.example.com", "X-Forwarded-Method: GET",
            "X-Forwarded-Proto: https", "X-Forwarded-Uri: /a%2Fb/../c", "Accept-Encoding: gzip"),
        Case(
            "Caddy, DELETE by cookie of a bookmark", "GET /verify HTTP/1.1", cookie, "Sec-Fetch-Site: none",
            "X-Forwarded-Method: DELETE", "X-Forwarded-Uri: /a", status: 403),
        Case(
            "Caddy, a method of WebDAV by cookie", "GET /verify HTTP/1.1", cookie, "X-Forwarded-Method: PROPFIND",
            status: 403),
        Case("Caddy, a method of WebDAV", "GET /verify HTTP/1.1", bearer, "X-Forwarded-Method: PROPFIND"),
        // Envoy, source/extensions/filters/common/ext_authz/ext_authz_http_impl.cc: the method of the client, its path behind
        // `path_prefix`, Content-Length: 0, and the fields that `allowed_headers` names.
        Case("Envoy, GET", "GET /verify/a?b=c HTTP/1.1", "content-length: 0", bearer, "x-envoy-internal: true"),
        Case("Envoy, POST", "POST /verify/a HTTP/1.1", "content-length: 0", "content-type: text/plain", bearer),
        Case("Envoy, PUT by cookie", "PUT /verify/a HTTP/1.1", "content-length: 0", cookie, status: 403),
        Case(
            "Envoy, PUT by cookie from its own page", "PUT /verify/a HTTP/1.1", "content-length: 0", cookie,
            "sec-fetch-site: same-origin"),
        Case(
            "Envoy, a path that no route takes", "DELETE /verify/a//b/%2E%2e/c%2Fd/?x=1&x=2 HTTP/1.1",
            "content-length: 0", bearer),
        Case("Envoy, the root", "GET /verify/ HTTP/1.1", "content-length: 0", bearer),
        Case("Envoy, with content", "PATCH /verify/a HTTP/1.1", "content-length: 3", bearer, body: "{{{"),
        // nginx, ngx_http_auth_request_module: GET, the fields of the client, and what the configuration adds.
        Case(
            "nginx", "GET /verify HTTP/1.0", "Host: lanyard", "Connection: close", bearer, "X-Original-Method: POST",
            "X-Original-URI: /a"),
        Case("nginx, with the length of content that it keeps", "POST /verify HTTP/1.1", "Content-Length: 0", bearer),
    ]

    /// What no proxy should send, and clients behind it may.
    static let oddities =
        ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"].flatMap { method in
            [
                Case(method, "\(method) /verify HTTP/1.1", bearer),
                Case("\(method) below", "\(method) /verify/x/y HTTP/1.1", bearer),
                Case("\(method) with content", "\(method) /verify HTTP/1.1", bearer, "Content-Length: 3", body: "%%%"),
                Case("\(method) without a token", "\(method) /verify/x HTTP/1.1", status: 401),
            ]
        } + [
            Case(
                "more content than is read anywhere", "POST /verify HTTP/1.1", bearer, "Content-Length: 200000",
                body: String(repeating: "a", count: 200_000)),
            Case(
                "chunks over every limit", "PUT /verify/a HTTP/1.1", bearer, "Transfer-Encoding: chunked",
                body: String(repeating: "10000\r\n" + String(repeating: "a", count: 65_536) + "\r\n", count: 4)
                    + "0\r\n\r\n"),
            Case(
                "compressed content of no type", "POST /verify HTTP/1.1", bearer, "Content-Encoding: br",
                "Content-Type: nonsense", "Content-Length: 1", body: "x"),
            Case("an expectation that nobody knows", "GET /verify HTTP/1.1", bearer, "Expect: miracles"),
            Case(
                "the same with content", "POST /verify HTTP/1.1", bearer, "Expect: miracles", "Content-Length: 1",
                body: "x"),
            Case("conditions", "GET /verify HTTP/1.1", bearer, "If-Match: \"x\"", "Range: bytes=0-1"),
            Case("a type that is not wanted", "GET /verify HTTP/1.1", bearer, "Accept: application/nonsense;q=0"),
            Case(
                "a preflight", "OPTIONS /verify HTTP/1.1", "Origin: https://evil.example",
                "Access-Control-Request-Method: POST", status: 401),
            Case("a token for another server", "GET http://other.example/verify HTTP/1.1", bearer, status: 403),
            Case(
                "a chunk that is none", "POST /verify HTTP/1.1", bearer, "Transfer-Encoding: chunked", body: "zz\r\n",
                status: 400),
        ]

    @Test func `is judged as each of them writes it`() async throws {
        let fixture = try await ServiceFixture()
        let token = try fixture.logIn().text("access_token")
        for test in Self.proxies + Self.oddities {
            let client = try fixture.server.connect()
            let head = test.lines.joined(separator: "\r\n").replacing("$", with: token)
            let host = head.contains("\r\nHost: ") ? "" : "\r\nHost: auth.example.com"
            try client.send(head + host + "\r\n\r\n" + test.body)
            let answer = try client.readResponse(hasBody: !head.hasPrefix("HEAD"))
            #expect(answer.status == test.status, "\(test)")
            #expect(!answer.lines.contains { $0.lowercased().hasPrefix("access-control-") }, "\(test)")
            #expect(answer["cache-control"] == "no-store", "\(test)")
        }
    }

    @Test(arguments: ["/verifyx", "/verify%2Fx", "/x/verify", "/login/../verify", "//verify", "/verify%2E"])
    func `is not what goes elsewhere`(path: String) async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        let answer = try fixture.get(path, with: login)
        // A slash that is written as %2F leads below the path as well: what stands there decides nothing.
        #expect(answer.status == (path == "/verify%2Fx" ? 204 : 404), "\(path)")
    }

    @Test func `is found below the issuer's path as well`() async throws {
        let fixture = try await ServiceFixture {
            $0.policies.tokens.issuer = IssuerURL(
                "https://example.com/auth", origin: "https://example.com", path: "/auth")
        }
        let login = try fixture.logIn()
        for path in ["/verify", "/auth/verify", "/auth/verify/a//b", "/verify/a"] {
            #expect(try fixture.get(path, with: login).status == 204, "\(path)")
            #expect(try fixture.get(path + "?role=x", with: login).status == 403, "\(path)")
        }
        #expect(try fixture.get("/auth/verify?roles=x", with: login).status == 403)
    }

    @Test func `may wait with its content`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        let client = try fixture.server.connect()
        try client.send(
            "DELETE /verify HTTP/1.1\r\nHost: auth.example.com\r\n\(login.bearer)\r\nExpect: 100-continue\r\n"
                + "Content-Length: 3\r\n\r\n")
        #expect(try client.readResponse(hasBody: false).status == 100)
        try client.send("abcGET /verify HTTP/1.1\r\nHost: auth.example.com\r\n\r\n")
        #expect(try client.readResponse().status == 204)
        #expect(try client.readResponse().status == 401, "the next request begins behind the content")
    }

    @Test func `is not written to the log when its page is strange and it has a token`() async throws {
        let recorder = LogRecorder()
        let fixture = try await ServiceFixture(log: recorder.logger)
        let login = try fixture.logIn()
        _ = recorder.take()
        let strange = ["Origin: https://evil.example", "Sec-Fetch-Site: cross-site", "X-Forwarded-Method: POST"]
        #expect(try fixture.send("GET", "/verify", fields: strange + [login.bearer]).status == 204)
        #expect(recorder.take().isEmpty)
        let cookie = "Cookie: __Host-lanyard-access=\(login.text("access_token"))"
        let refused = try fixture.send("GET", "/verify", fields: strange + [cookie])
        #expect(refused.status == 403)
        #expect(refused.text("error") == "origin_not_allowed")
        let lines = recorder.take()
        #expect(lines.map { $0["event"] } == ["origin_refused"])
        #expect(lines.first?["origin"] == "https://evil.example")
        #expect(lines.first?["reason"] == "other_site")
    }
}

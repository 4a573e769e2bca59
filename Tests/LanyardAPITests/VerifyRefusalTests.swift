// SPDX-License-Identifier: Apache-2.0

import LanyardAPI
import LanyardCore
import LanyardHTTP
import TestSupport
import Testing

/// What the engine refuses before it looks at a route must keep the promise of `/verify` all the same.
@Suite struct `A request that the engine refuses` {
    /// A request, `@` standing for a path, and its statuses there and elsewhere.
    struct Refusal: CustomTestStringConvertible, Sendable {
        let error: RequestError
        /// `nil` for what a test cannot bring about at a path, or what `/verify` accepts.
        var request: String?
        var method = "GET"
        /// The status for a proxy.
        let status: Int
        var ends = false
        var testDescription: String { "\(error)" }
    }

    private static let long = String(repeating: "a", count: 20_000)

    static let refusals = [
        // Bad framing, a bad version and a missing Host are 400 everywhere.
        Refusal(error: .malformed(.requestLine), request: "@  HTTP/1.1\r\n\r\n", status: 400),
        Refusal(error: .malformed(.requestLine), request: "@\r\n\r\n", status: 400),
        Refusal(error: .malformed(.version), request: "@ HTTP/1.x\r\n\r\n", status: 400),
        Refusal(error: .unsupportedVersion, request: "@ HTTP/2.0\r\n\r\n", status: 400),
        Refusal(error: .malformed(.lineEnding), request: "@ HTTP/1.1\nHost: a\n\n", status: 400),
        Refusal(error: .malformed(.host), request: "@ HTTP/1.1\r\n\r\n", status: 400),
        Refusal(error: .malformed(.host), request: "@ HTTP/1.1\r\nHost: a/b\r\n\r\n", status: 400),
        Refusal(
            error: .malformed(.contentLength), request: "@ HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
            method: "POST", status: 400),
        Refusal(
            error: .malformed(.transferEncoding), request: "@ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
            method: "POST", status: 400),
        Refusal(
            error: .unknownTransferCoding, request: "@ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            method: "POST", status: 400),
        Refusal(
            error: .malformed(.bothFramings),
            request: "@ HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", method: "POST",
            status: 400),
        Refusal(
            error: .malformed(.chunk), request: "@ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            method: "POST", status: 400),
        Refusal(
            error: .malformed(.incomplete), request: "@ HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na",
            method: "POST", status: 400, ends: true),
        Refusal(error: .malformed(.notSecure), status: 400),
        // Everything else that a proxy's client can write is 403.
        Refusal(error: .malformed(.target), request: "@/\u{1} HTTP/1.1\r\nHost: a\r\n\r\n", status: 403),
        Refusal(error: .malformed(.target), request: "@?role=\u{7F} HTTP/1.1\r\nHost: a\r\n\r\n", status: 403),
        Refusal(error: .malformed(.target), request: "@/a\tb HTTP/1.1\r\nHost: a\r\n\r\n", status: 403),
        Refusal(error: .malformed(.target), request: "@/a b HTTP/1.1\r\nHost: a\r\n\r\n", status: 403),
        Refusal(
            error: .targetTooLong(limitBytes: 8_192), request: "@/\(long) HTTP/1.1\r\nHost: a\r\n\r\n", status: 403),
        Refusal(
            error: .targetTooLong(limitBytes: 8_192), request: "@?\(long) HTTP/1.1\r\nHost: a\r\n\r\n", status: 403),
        Refusal(error: .malformed(.field), request: "@ HTTP/1.1\r\nHost: a\r\nX: \u{1}\r\n\r\n", status: 403),
        Refusal(error: .malformed(.field), request: "@ HTTP/1.1\r\nX y: z\r\nHost: a\r\n\r\n", status: 403),
        Refusal(
            error: .malformed(.repeatedField), request: "@ HTTP/1.1\r\nHost: a\r\nOrigin: b\r\nOrigin: c\r\n\r\n",
            status: 403),
        Refusal(error: .fieldsTooLarge, request: "@ HTTP/1.1\r\nHost: a\r\nX: \(long)\r\n\r\n", status: 403),
        Refusal(
            error: .fieldsTooLarge,
            request: "@ HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: 101) + "\r\n", status: 403),
        Refusal(
            error: .malformed(.trailer),
            request: "@ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nCookie: a\r\n\r\n",
            method: "POST",
            status: 403),
        Refusal(error: .misdirected, request: "http://b@ HTTP/1.1\r\nHost: a\r\n\r\n", status: 403),
        // Accepted there, and decided all the same.
        Refusal(error: .unknownMethod, status: 403), Refusal(error: .expectationFailed, status: 403),
        Refusal(error: .bodyTooLarge(limitBytes: 0), status: 403),
        Refusal(error: .malformed(.unexpectedBody), status: 403),
        // What may go away by itself is 503.
        Refusal(error: .timedOut, status: 503), Refusal(error: .unanswered, status: 503),
        Refusal(error: .failed, status: 503), Refusal(error: .tooManyConnections, status: 503),
    ]

    @Test(arguments: refusals)
    func `has one of the statuses that proxies pass on`(refusal: Refusal) async throws {
        guard let request = refusal.request else { return }
        let fixture = try await ServiceFixture()
        for (path, status) in [
            ("/verify", refusal.status), ("/verify/x", refusal.status), ("/login", refusal.error.status),
        ] {
            for method in [refusal.method, "HEAD"] {
                let client = try fixture.server.connect()
                try client.send("\(method) " + request.replacing("@", with: path))
                if refusal.ends { client.endSending() }
                let answer = try client.readResponse(hasBody: method != "HEAD")
                #expect(answer.status == status, "\(method) \(path)")
                #expect(answer["content-type"] == "application/problem+json")
                #expect(!answer.lines.contains { $0.lowercased().hasPrefix("access-control-") })
                if answer.closes { #expect(try client.readToEnd() == [], "\(method) \(path)") }
            }
        }
    }

    /// Without a request at a path: the handler is asked as the engine asks it.
    @Test(arguments: refusals)
    func `is answered by its error and its route alone`(refusal: Refusal) async throws {
        let fixture = try await ServiceFixture()
        let fields: [RequestHead.Field] = []
        for (path, status) in [
            ("/verify", refusal.status), ("/verify/x", refusal.status), ("/login", refusal.error.status),
            ("/verifyx", refusal.error.status),
        ] {
            let head = RequestHead(method: .get, target: .path(path, query: nil), minorVersion: 1, fields: fields)
            let response = fixture.interface.refusal(of: refusal.error, head: head, id: RequestID(high: 1, low: 2))
            #expect(response.status == status, "\(path)")
            let retry = response.fields.first { $0.name == "Retry-After" }?.value
            #expect((retry != nil) == (response.status == 503), "\(path)")
        }
    }

    @Test func `has a row for each error, and a new one must get one`() {
        let faults = Self.refusals.compactMap { refusal -> Malformation? in
            guard case .malformed(let fault) = refusal.error else { return nil }
            return fault
        }
        #expect(Set(faults) == Set(Malformation.allCases))
        #expect(Set(Self.refusals.map { Self.row(of: $0.error) }) == Set(0...12))
    }

    /// Numbers the errors; without a case for a new one, this does not compile.
    private static func row(of error: RequestError) -> Int {
        switch error {
        case .malformed: 0
        case .targetTooLong: 1
        case .fieldsTooLarge: 2
        case .bodyTooLarge: 3
        case .unknownMethod: 4
        case .unknownTransferCoding: 5
        case .unsupportedVersion: 6
        case .expectationFailed: 7
        case .misdirected: 8
        case .timedOut: 9
        case .unanswered: 10
        case .failed: 11
        case .tooManyConnections: 12
        }
    }

    /// URLs as browsers and attackers write them behind Envoy's `path_prefix`.
    static let targets: [(target: [UInt8], status: Int)] =
        [
            ("/verify/a|b{c}^`\\\"<>[]#d", 204), ("/verify/\u{E9}\u{1F600}", 204), ("/verify/%e9", 204),
            ("/verify/%zz", 204), ("/verify/%", 204), ("/verify/%00%0d%0a", 204), ("/verify/..%2f%2e%2e//%ff", 204),
            ("/verify/x?a|b={}&%zz&%e9=%ff&=&%00", 204), ("/%76erify/x|", 204), ("/verify%2Fx|", 204),
            ("/verify/x?q=caf\u{E9}", 204), ("http://auth.example.com/verify/{", 204),
            ("/verify/x|?role=reader", 204), ("/verify/x|?role=none", 403), ("/verify/x?role=%zz", 403),
            ("/verify/x?audience=%ff", 403), ("/verify/x?r%6Fle=%e9", 403),
            ("/verify?role=a|b", 403), ("/verify?x|y", 403), ("/verify?%e9=1", 403), ("/verify?role=reader&%zz", 403),
            // Not at or below it.
            ("/verify|", 400), ("/verify%00", 400), ("/verifi%e9/x", 400), ("/a|/verify/x", 400), ("/login?a|b", 400),
        ].map { (Array($0.0.utf8), $0.1) } + [(Array("/verify/".utf8) + [0xE9, 0xFF], 204)]

    @Test func `is not one for the characters of its target`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        for (target, status) in Self.targets {
            for (fields, expected) in [(login.bearer, status), ("X: y", [204: 401, 403: 401][status] ?? status)] {
                let client = try fixture.server.connect()
                try client.send(
                    Array("GET ".utf8) + target
                        + Array(" HTTP/1.1\r\nHost: auth.example.com\r\n\(fields)\r\n\r\n".utf8))
                let answer = try client.readResponse()
                #expect(answer.status == expected, "\(String(decoding: target, as: UTF8.self)) \(fields.prefix(8))")
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import Testing

/// Targets as browsers and attackers write them, where a handler accepts anything.
@Suite struct `A target of any characters` {
    private static func step(_ line: [UInt8]) -> RequestParser.Step {
        var parser = RequestParser()
        let bytes = line + Array("\r\nHost: a\r\n\r\n".utf8)
        return parser.advance(over: bytes.span, admit: { _ in .anythingWithoutContent }).step
    }

    static let targets: [(String, RequestTarget)] = [
        ("/a", .path("/a", query: nil)), ("/a?b=%41", .path("/a", query: Array("b=%41".utf8))),
        ("/a//b", .unroutable("/a//b", query: nil)),
        ("/a|b", .irregular("/a|b", query: nil)), ("/{a}^`\\\"<>#", .irregular("/{a}^`\\\"<>#", query: nil)),
        ("/\u{E9}", .irregular("/\u{E9}", query: nil)),
        ("/a?b|c", .irregular("/a", query: Array("b|c".utf8))),
        ("/%76?%e9", .irregular("/v", query: Array("%e9".utf8))),
        ("/%e9", .irregular("/\u{FFFD}", query: nil)), ("/%zz", .irregular("/%zz", query: nil)),
        ("/%", .irregular("/%", query: nil)), ("/%4", .irregular("/%4", query: nil)),
        ("/%00a", .irregular("/\0a", query: nil)), ("/a%0d%0a", .irregular("/a\r\n", query: nil)),
        ("/a/%2e%2e/%zz", .irregular("/a/../%zz", query: nil)),
        ("http://b?|", .irregular("/", query: [0x7C])), ("http://b/{", .irregular("/{", query: nil)),
    ]

    @Test(arguments: targets)
    func `is decoded as far as it goes`(text: String, target: RequestTarget) {
        guard case .request(let head, _) = Self.step(Array("GET \(text) HTTP/1.1".utf8)) else {
            Issue.record("refused")
            return
        }
        #expect(head.target == target)
    }

    /// Each byte in each place: controls and blanks are refused, all others are taken.
    @Test(arguments: ["GET /a", "GET /a?b", "GET /a%", "GET http://b/"])
    func `has every byte but blanks and controls`(before: String) {
        for byte in UInt8.min...UInt8.max {
            let step = Self.step(Array(before.utf8) + [byte] + Array("c HTTP/1.1".utf8))
            switch byte {
            case 0x0A, 0x0D: #expect(step == .refused(.malformed(.lineEnding)), "\(byte)")
            case 0x00...0x20, 0x7F: #expect(step == .refused(.malformed(.target)), "\(byte)")
            default:
                guard case .request = step else {
                    Issue.record("\(byte) in \(before)")
                    continue
                }
            }
        }
    }

    @Test(
        arguments: [
            ("GET /a", .requestLine), ("GET  /a HTTP/1.1", .requestLine), ("GET /a  HTTP/1.1", .requestLine),
            ("GET /a HTTP/1.1 ", .requestLine), ("GET /a HTTP/1.x", .version), ("G\u{1}T /a HTTP/1.1", .requestLine),
            ("GET /a HTTP/1.1\u{1}", .requestLine), ("GET a HTTP/1.1", .target), ("GET ftp://b/ HTTP/1.1", .target),
        ] as [(String, Malformation)])
    func `is in a request line all the same`(line: String, fault: Malformation) {
        #expect(Self.step(Array(line.utf8)) == .refused(.malformed(fault)))
    }
}

// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import TestSupport
import Testing

/// Each of the 256 bytes in each place of a request, against the grammar as the RFCs write it.
@Suite struct `Request characters` {
    struct Place: CustomTestStringConvertible, Sendable {
        let name: String, before: String, after: String, allowed: Set<UInt8>
        var testDescription: String { name }
        /// Whether letters may stand beside the byte.
        var takesLetters: Bool { allowed.contains(UInt8(ascii: "x")) }
    }

    static let letters = Set(UInt8(ascii: "A")...UInt8(ascii: "Z")).union(UInt8(ascii: "a")...UInt8(ascii: "z"))
    static let digits = Set(UInt8(ascii: "0")...UInt8(ascii: "9"))
    static let visible = Set<UInt8>(0x21...0x7E)
    static let token = letters.union(digits).union("!#$%&'*+-.^_`|~".utf8)
    static let unreserved = letters.union(digits).union("-._~".utf8)
    static let subDelims = Set("!$&'()*+,;=".utf8)
    static let obsText = Set<UInt8>(0x80...0xFF)

    static let places = [
        Place(
            name: "target path", before: "GET /a", after: "b HTTP/1.1\r\nHost: a\r\n\r\n",
            allowed: unreserved.union(subDelims).union(":@/?[]".utf8)),
        Place(
            name: "target query", before: "GET /?a", after: "b HTTP/1.1\r\nHost: a\r\n\r\n",
            allowed: unreserved.union(subDelims).union(":@/?[]".utf8)),
        Place(
            name: "field name", before: "GET / HTTP/1.1\r\nHost: a\r\nX", after: "Y: b\r\n\r\n",
            allowed: token.union(":".utf8)),
        Place(
            name: "field value", before: "GET / HTTP/1.1\r\nHost: a\r\nX: a", after: "b\r\n\r\n",
            allowed: visible.union(obsText).union(" \t".utf8)),
        Place(
            name: "host", before: "GET / HTTP/1.1\r\nHost: a", after: "b\r\n\r\n",
            allowed: unreserved.union(subDelims).subtracting(",".utf8)),
        Place(
            name: "port", before: "GET / HTTP/1.1\r\nHost: a:1", after: "\r\n\r\n", allowed: digits.union(" \t".utf8)),
        Place(
            name: "length", before: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1",
            after: "\r\n\r\n0123456789012345678",
            allowed: digits.union(" \t".utf8)),
        Place(name: "minor version", before: "GET / HTTP/1.", after: "\r\nHost: a\r\n\r\n", allowed: digits),
        Place(
            name: "chunk size",
            before: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            after: "\r\n123456789012345\r\n0\r\n\r\n",
            allowed: Set("fF".utf8)),
        Place(
            name: "extension name",
            before: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0;a", after: "b\r\n\r\n",
            allowed: token.union(";=".utf8)),
        Place(
            name: "quoted extension",
            before: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0;a=\"", after: "b\"\r\n\r\n",
            allowed: visible.union(obsText).union(" \t".utf8).subtracting("\"".utf8)),
        Place(
            name: "trailer name",
            before: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX", after: "Y: b\r\n\r\n",
            allowed: token.union(":".utf8)),
    ]

    @Test(arguments: places)
    func `are those of the grammar`(place: Place) throws {
        #expect(try allowed(at: place.before, place.after) == place.allowed)
    }

    /// Bytes are looked at in words of eight, and each place of a word must be as good as another.
    @Test(arguments: places.filter(\.takesLetters), 1...17)
    func `are the same wherever they stand`(place: Place, letters: Int) throws {
        let filled = place.before + String(repeating: "x", count: letters)
        #expect(try allowed(at: filled, place.after) == place.allowed)
        #expect(try allowed(at: place.before, String(repeating: "x", count: letters) + place.after) == place.allowed)
    }

    private func allowed(at before: String, _ after: String) throws -> Set<UInt8> {
        try Set(
            (UInt8.min...UInt8.max).filter { byte in
                let bytes = Array(before.utf8) + [byte] + Array(after.utf8)
                guard case .accepted = try RequestTranscript(of: bytes, cutAt: []).outcomes.first else { return false }
                return true
            })
    }

    /// All bytes but token characters make 400; a token that is no method makes 501 (RFC 9110 §9.1).
    @Test func `of a method are those of a token`() throws {
        var unknown: Set<UInt8> = []
        for byte in UInt8.min...UInt8.max {
            let bytes = Array("GE".utf8) + [byte] + Array("T / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
            let outcomes = try RequestTranscript(of: bytes, cutAt: []).outcomes
            if outcomes == [.refused(.unknownMethod)] { unknown.insert(byte) }
        }
        #expect(unknown == Self.token)
    }

    /// Escapes of 0x00, CR and LF are refused, those above ASCII are no UTF-8 alone, and a slash leads nowhere.
    @Test func `that are escaped are any of ASCII but three`() throws {
        let digits = Array("0123456789abcdef".utf8)
        var taken: Set<UInt8> = []
        var nowhere: Set<UInt8> = []
        for byte in UInt8.min...UInt8.max {
            let escape = [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            let bytes = Array("GET /a".utf8) + escape + Array("b HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
            guard case .accepted(let head, _) = try RequestTranscript(of: bytes, cutAt: []).outcomes.first else {
                continue
            }
            if case .unroutable = head.target { nowhere.insert(byte) }
            if case .path(let path, nil) = head.target, Array(path.utf8) == Array("/a".utf8) + [byte, 0x62] {
                taken.insert(byte)
            }
        }
        #expect(nowhere == Set("/".utf8))
        #expect(taken == Set<UInt8>(0...0x7F).subtracting([0x00, 0x0A, 0x0D]).subtracting("/".utf8))
    }
}

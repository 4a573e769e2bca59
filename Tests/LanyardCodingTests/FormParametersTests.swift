// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCoding
import Testing

@Suite struct `Form parameters` {
    struct Reading: CustomTestStringConvertible, Sendable {
        let body: String, parameters: [[String]]
        var testDescription: String { body }
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        let body: [UInt8], error: FormError
        var testDescription: String { String(decoding: body, as: UTF8.self) }

        init(_ body: String, _ error: FormError) {
            self.body = Array(body.utf8)
            self.error = error
        }
    }

    static let readings = [
        Reading(body: "", parameters: []),
        Reading(body: "a=1", parameters: [["a", "1"]]),
        Reading(body: "a=1&b=2", parameters: [["a", "1"], ["b", "2"]]),
        Reading(body: "a", parameters: [["a", ""]]),
        Reading(body: "a=", parameters: [["a", ""]]),
        Reading(body: "=a", parameters: [["", "a"]]),
        Reading(body: "a=b=c", parameters: [["a", "b=c"]]),
        Reading(body: "&&a=1&", parameters: [["a", "1"]]),
        Reading(body: "a=b+c%20d%2Be", parameters: [["a", "b c d+e"]]),
        Reading(body: "a+b=1&a%20c=2", parameters: [["a b", "1"], ["a c", "2"]]),
        Reading(body: "a=%3D%26%25", parameters: [["a", "=&%"]]),
        Reading(body: "a=%c3%A9", parameters: [["a", "é"]]),
        Reading(body: "a=é b", parameters: [["a", "é b"]]),
        Reading(body: "a=%00%0D%0A", parameters: [["a", "\u{0}\r\n"]]),
        Reading(
            body: "password=correct horse battery staple", parameters: [["password", "correct horse battery staple"]]),
        Reading(body: "%C3%A9=1&e%CC%81=2", parameters: [["\u{E9}", "1"], ["e\u{301}", "2"]]),
        // RFC 6749 appendix B.
        Reading(body: "v=+%25%26%2B%C2%A3%E2%82%AC", parameters: [["v", " %&+£€"]]),
    ]

    static let refusals = [
        Refusal("a=%", .invalidEscape(offset: 2)),
        Refusal("a=%2", .invalidEscape(offset: 2)),
        Refusal("a=%2&b=3", .invalidEscape(offset: 2)),
        Refusal("a=%zz", .invalidEscape(offset: 2)),
        Refusal("a=%+1", .invalidEscape(offset: 2)),
        Refusal("a=100%25&b=%u0041", .invalidEscape(offset: 11)),
        Refusal("a=b\n", .controlCharacter(offset: 3)),
        Refusal("a=b\u{0}", .controlCharacter(offset: 3)),
        Refusal("a=\u{7F}", .controlCharacter(offset: 2)),
        Refusal("a=%FF", .invalidUTF8(offset: 2)),
        Refusal("b=1&a=%C3", .invalidUTF8(offset: 6)),
        Refusal("%ED%A0%80=1", .invalidUTF8(offset: 0)),
        Refusal("a=%C0%80", .invalidUTF8(offset: 2)),
        Refusal("a=1&a=1", .duplicateParameter(offset: 4)),
        Refusal("a=1&b=2&%61=3", .duplicateParameter(offset: 8)),
        Refusal("a&a=", .duplicateParameter(offset: 2)),
        Refusal("r=1&a=1&r=2&a=2", .duplicateParameter(offset: 12)),
    ]

    @Test(arguments: readings)
    func `are read as the URL Standard says`(reading: Reading) throws {
        let form = try FormParameters(parsing: Array(reading.body.utf8))
        #expect(form.names.count == reading.parameters.count)
        for (name, expected) in zip(form.names, reading.parameters) {
            #expect(name.hasSameBytes(as: expected[0]))
            #expect(form[name]?.hasSameBytes(as: expected[1]) == true)
        }
    }

    @Test(arguments: refusals)
    func `are refused where a reader would have to guess`(refusal: Refusal) {
        #expect(throws: refusal.error) { try FormParameters(parsing: refusal.body, repeatable: ["r"]) }
    }

    @Test func `may repeat where the caller says so`() throws {
        let form = try FormParameters(parsing: Array("role=a&x=1&role=b".utf8), repeatable: ["role"])
        #expect(form.values(of: "role") == ["a", "b"])
        #expect(form["role"] == "a")
        #expect(form.values(of: "absent") == [])
        #expect(form["absent"] == nil)
    }

    @Test func `are bounded in number`() throws {
        #expect(try FormParameters(parsing: Array("a&b".utf8), maximumCount: 2).names == ["a", "b"])
        #expect(throws: FormError.tooManyParameters(limit: 2)) {
            try FormParameters(parsing: Array("a&b&c".utf8), maximumCount: 2)
        }
    }
}

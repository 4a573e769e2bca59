// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCoding
import Testing

/// A text and what the reader makes of it; a text that is not UTF-8 is given as bytes.
struct JSONCase: CustomTestStringConvertible, Sendable {
    enum Outcome: Equatable, Sendable {
        case value(JSONValue)
        case error(JSONError)
    }

    let bytes: [UInt8]
    let outcome: Outcome

    var testDescription: String { String(decoding: bytes.prefix(60), as: UTF8.self) }

    static func accept(_ text: String, _ value: JSONValue) -> Self {
        Self(bytes: Array(text.utf8), outcome: .value(value))
    }

    static func refuse(_ text: String, _ fault: JSONError.Fault, at offset: Int) -> Self {
        Self(bytes: Array(text.utf8), outcome: .error(JSONError(fault, at: offset)))
    }

    static func refuse(_ bytes: [UInt8], _ fault: JSONError.Fault, at offset: Int) -> Self {
        Self(bytes: bytes, outcome: .error(JSONError(fault, at: offset)))
    }
}

@Suite struct `JSON reading` {
    @Test(arguments: JSONCase.accepted)
    func `accepts what RFC 8259 calls JSON`(text: JSONCase) throws {
        #expect(try .value(JSONValue(parsing: text.bytes)) == text.outcome)
    }

    @Test(arguments: JSONCase.refused)
    func `refuses everything else, and says where`(text: JSONCase) {
        guard case .error(let error) = text.outcome else {
            Issue.record("the table is of refusals")
            return
        }
        #expect(throws: error) { try JSONValue(parsing: text.bytes) }
    }

    @Test func `keeps each number as it was written`() throws {
        let literals = [
            "0", "-0", "-1", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1.0", "1.50", "1e3",
            "1E+3", "1e-400", "0.1", "-0.0", "123456789012345678901234567890", "1700000000.25",
        ]
        for literal in literals {
            let value = try JSONValue(parsing: Array(literal.utf8))
            #expect(value.number?.text == literal)
            #expect(value.bytes == Array(literal.utf8))
        }
    }

    @Test func `gives texts that Swift knows not to be ASCII`() throws {
        let text = "Gr\u{FC}\u{DF}e aus einer l\u{E4}ngeren Zeile"
        let value = try JSONValue(parsing: JSONValue.string(text).bytes)
        let read = try #require(value.string)
        #expect(read.utf16.count == 30)
        #expect(read.count == 30)
        #expect(read == "Gru\u{308}\u{DF}e aus einer la\u{308}ngeren Zeile")
        #expect(!read.hasSameBytes(as: "Gru\u{308}\u{DF}e aus einer la\u{308}ngeren Zeile"))
    }

    @Test func `tells integers from other numbers`() throws {
        func number(_ text: String) throws -> JSONNumber? { try JSONValue(parsing: Array(text.utf8)).number }
        #expect(try number("9223372036854775807")?.integer == .max)
        #expect(try number("-9223372036854775808")?.integer == .min)
        #expect(try number("9223372036854775808")?.integer == nil)
        #expect(try number("9223372036854775808")?.double == 9_223_372_036_854_775_808)
        #expect(try number("1.0")?.integer == nil)
        #expect(try number("-0")?.integer == nil)
        #expect(try number("-0")?.double.sign == .minus)
        #expect(try number("1700000000.25")?.double == 1_700_000_000.25)
        #expect(JSONNumber(Double.infinity) == nil)
        #expect(JSONNumber(Double.nan) == nil)
        #expect(JSONNumber(0.5)?.text == "0.5")
    }

    @Test func `stops at each limit, and not one before it`() throws {
        var limits = JSONLimits()
        limits.maximumDepth = 2
        limits.maximumMembers = 2
        limits.maximumElements = 3
        limits.maximumStringBytes = 4
        func read(_ text: String) throws(JSONError) { _ = try JSONValue(parsing: Array(text.utf8), limits: limits) }

        try read(#"[{"a":1,"b":2},[1,2,3],"éé"]"#)
        #expect(throws: JSONError(.tooDeep, at: 2)) { try read("[[[]]]") }
        #expect(throws: JSONError(.tooDeep, at: 6)) { try read(#"[{"a":{}}]"#) }
        #expect(throws: JSONError(.tooManyMembers, at: 13)) { try read(#"{"a":1,"b":2,"c":3}"#) }
        #expect(throws: JSONError(.tooManyElements, at: 7)) { try read("[1,2,3,4]") }
        #expect(throws: JSONError(.stringTooLong, at: 0)) { try read(#""12345""#) }
        #expect(throws: JSONError(.stringTooLong, at: 0)) { try read(#""\u00e9\u00e9\u00e9""#) }
        #expect(throws: JSONError(.stringTooLong, at: 1)) { try read(#"{"éé5":1}"#) }
    }

    @Test func `refuses a depth that would exhaust the stack`() {
        let brackets = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: JSONError(.tooDeep, at: 16)) { try JSONValue(parsing: brackets) }
    }

    @Test func `reads an object only where one is asked for`() throws {
        #expect(throws: JSONError(.notAnObject, at: 0)) { try JSONObject(parsing: Array("[]".utf8)) }
        #expect(throws: JSONError(.notAnObject, at: 0)) { try JSONObject(parsing: Array(#""a""#.utf8)) }
        #expect(try JSONObject(parsing: Array(#" {"a":1} "#.utf8)) == ["a": 1])
    }
}

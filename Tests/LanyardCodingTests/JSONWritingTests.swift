// SPDX-License-Identifier: Apache-2.0

import LanyardCoding
import Testing

@Suite struct `JSON writing` {
    @Test func `puts commas where they belong and nothing else`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("iss", "https://a.example")
        writer.member("exp", 1_700_000_900)
        writer.member("ok", true)
        writer.member("roles", ["reader", "writer"])
        writer.member("none", [String]())
        writer.name("status")
        writer.beginObject()
        writer.member("idx", -1)
        writer.endObject()
        writer.name("list")
        writer.beginArray()
        writer.null()
        writer.boolean(false)
        writer.beginArray()
        writer.endArray()
        writer.string(ascii: Array("QQ".utf8))
        writer.endArray()
        writer.member("raw", value: ["a": [1, nil]])
        writer.endObject()
        let text = String(decoding: writer.finish(), as: UTF8.self)
        #expect(
            text == #"{"iss":"https://a.example","exp":1700000900,"ok":true,"roles":["reader","writer"],"none":[],"#
                + #""status":{"idx":-1},"list":[null,false,[],"QQ"],"raw":{"a":[1,null]}}"#)
    }

    @Test func `escapes what RFC 8259 asks for and leaves the rest`() {
        func written(_ text: String) -> String { String(decoding: JSONValue.string(text).bytes, as: UTF8.self) }
        #expect(written("\"\\/") == #""\"\\/""#)
        #expect(written("\n\r\t\u{08}\u{0C}") == #""\n\r\t\u0008\u000c""#)
        #expect(written("\u{0}\u{1F}\u{7F}") == "\"\\u0000\\u001f\u{7F}\"")
        #expect(written("é\u{2028}\u{2029}\u{10FFFF}") == "\"é\u{2028}\u{2029}\u{10FFFF}\"")
        #expect(written("</script>") == #""</script>""#)
    }

    @Test func `escapes names too`() {
        #expect(JSONValue.object(["a\"b\n": 1]).bytes == Array(#"{"a\"b\n":1}"#.utf8))
    }

    @Test func `gives back every value that can be built`() throws {
        var random = SeededGenerator(seed: 0x7772_6974)
        for _ in 0..<2_000 {
            let value = JSONValue.random(depth: 4, using: &random)
            #expect(try JSONValue(parsing: value.bytes) == value)
        }
    }

    @Test func `writes what it read, byte by byte, when there were no blanks and no needless escapes`() throws {
        let text = #"{"b":1.50,"a":[true,{"z":null}],"é":"\n\"x","n":-0,"big":123456789012345678901}"#
        #expect(try JSONValue(parsing: Array(text.utf8)).bytes == Array(text.utf8))
    }

    @Test func `random bytes are refused or read back, and never a crash`() throws {
        var random = SeededGenerator(seed: 0x6675_7A7A)
        let alphabet = Array(#"{}[]",:\ue+-.0123456789 truefalsnl"#.utf8) + [0x00, 0x1F, 0x80, 0xC3, 0xA9, 0xED, 0xFF]
        var accepted = 0
        for _ in 0..<30_000 {
            let count = Int.random(in: 0...12, using: &random)
            let bytes = (0..<count).compactMap { _ in alphabet.randomElement(using: &random) }
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            accepted += 1
            #expect(try JSONValue(parsing: value.bytes) == value)
        }
        #expect(accepted > 100)
    }

    @Test func `every text cut short is refused`() throws {
        let text = Array(#"{"a":[1,-2.5e3,"\ud83d\ude00é",true],"b":{"c":null}}"#.utf8)
        _ = try JSONValue(parsing: text)
        for count in text.indices {
            #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text[..<count])) }
        }
    }

    @Test func `a member can be replaced and removed in its place`() {
        var object: JSONObject = ["a": 1, "b": 2, "c": 3]
        object["b"] = "two"
        #expect(JSONValue.object(object).bytes == Array(#"{"a":1,"b":"two","c":3}"#.utf8))
        object["a"] = nil
        object["d"] = nil
        #expect(object.members.map(\.name) == ["b", "c"])
    }
}

extension JSONValue {
    /// Returns a value drawn by `random`, at most `depth` objects and arrays deep.
    static func random(depth: Int, using random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
        case 0: return .null
        case 1: return .boolean(Bool.random(using: &random))
        case 2: return .number(JSONNumber(Int64.random(in: .min ... .max, using: &random)))
        case 3: return .number(JSONNumber(Int64.random(in: -10...10, using: &random)))
        case 4:
            let value = Double(bitPattern: UInt64.random(in: .min ... .max, using: &random))
            return JSONNumber(value).map(JSONValue.number) ?? .null
        case 5: return .string(text(using: &random))
        case 6:
            return .array(
                (0..<Int.random(in: 0..<5, using: &random)).map { _ in .random(depth: depth - 1, using: &random) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0..<5, using: &random) {
                object[text(using: &random)] = .random(depth: depth - 1, using: &random)
            }
            return .object(object)
        }
    }

    private static func text(using random: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<20, using: &random) {
            let limit: UInt32 = Bool.random(using: &random) ? 0x80 : 0x11_0000
            if let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random)) { text.append(scalar) }
        }
        return String(text)
    }
}

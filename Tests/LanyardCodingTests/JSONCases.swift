// SPDX-License-Identifier: Apache-2.0

import LanyardCoding

extension JSONCase {
    static let accepted: [JSONCase] =
        acceptedWords + acceptedNumbers + acceptedStrings + acceptedStructures

    static let refused: [JSONCase] =
        refusedWords + refusedNumbers + refusedStrings + refusedBytes + refusedStructures + refusedDuplicates

    private static func decimal(_ value: Double) -> JSONValue {
        JSONNumber(value).map(JSONValue.number) ?? .null
    }

    private static let acceptedWords = [
        accept("null", nil),
        accept("true", true),
        accept("false", false),
        accept(" \t\r\n null \t\r\n ", nil),
    ]

    private static let acceptedNumbers = [
        accept("0", 0),
        accept("-1", -1),
        accept("10", 10),
        accept("123", 123),
        accept("9223372036854775807", .number(JSONNumber(.max))),
        accept("-9223372036854775808", .number(JSONNumber(.min))),
        accept("0.5", decimal(0.5)),
        accept("-0.0", decimal(-0.0)),
        accept("123.25", decimal(123.25)),
        accept("1e+16", decimal(1e16)),
        accept("5e-324", decimal(.leastNonzeroMagnitude)),
        accept("1.7976931348623157e+308", decimal(.greatestFiniteMagnitude)),
        accept("[0 ,-1]", [0, -1]),
    ]

    private static let acceptedStrings = [
        accept(#""""#, ""),
        accept(#""a""#, "a"),
        accept(#"" ""#, " "),
        accept(#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{08}\u{0C}\n\r\t"),
        accept(#""\u0061""#, "a"),
        accept(#""\u00e9\u00E9""#, "éé"),
        accept(#""\u0000""#, "\u{0}"),
        accept(#""\u001F""#, "\u{1F}"),
        accept(#""\uD83D\uDE00""#, "\u{1F600}"),
        accept(#""\ud800\udc00""#, "\u{10000}"),
        accept(#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
        accept(#""\uFFFF""#, "\u{FFFF}"),
        accept(#""\uD7FF\uE000""#, "\u{D7FF}\u{E000}"),
        accept(#""a\u0022b""#, "a\"b"),
        accept(#""\\u0061""#, "\\u0061"),
        accept(#""new\u000Aline""#, "new\nline"),
        accept("\"\u{7F}\"", "\u{7F}"),
        accept("\"\u{2028}\u{2029}\"", "\u{2028}\u{2029}"),
        accept("\"\u{10FFFF}\"", "\u{10FFFF}"),
        accept("\"a\u{FEFF}b\"", "a\u{FEFF}b"),
        accept("\"日本語\"", "日本語"),
        accept("\"e\u{301}\"", "e\u{301}"),
    ]

    private static let acceptedStructures = [
        accept("[]", []),
        accept("[ ]", []),
        accept("{}", [:]),
        accept("{ }", [:]),
        accept("[1,2]", [1, 2]),
        accept("[[]   ]", [[]]),
        accept(#"{"a":[]}"#, ["a": []]),
        accept(#"{"":0}"#, ["": 0]),
        accept(#"{"a":null}"#, ["a": nil]),
        accept(#"{"a":1,"A":2}"#, ["a": 1, "A": 2]),
        accept(#"{"abcdefgh":1,"abcdefgi":2,"abcdefg":3}"#, ["abcdefgh": 1, "abcdefgi": 2, "abcdefg": 3]),
        accept(#"{"a":1,"a\u0000":2,"\u0000a":3}"#, ["a": 1, "a\u{0}": 2, "\u{0}a": 3]),
        accept(#"{"a":{"a":1},"b":{"a":2}}"#, ["a": ["a": 1], "b": ["a": 2]]),
        accept(#"[{"a":1},{"a":1}]"#, [["a": 1], ["a": 1]]),
        accept("{\n \"a\" :\t1 ,\r\n\"b\": 2}", ["a": 1, "b": 2]),
        accept("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]),
        // Two names for a reader, though Swift's `==` says that they are one.
        accept("{\"\u{E9}\":1,\"e\u{301}\":2}", .object(twoSpellings)),
    ]

    private static var twoSpellings: JSONObject {
        var object = JSONObject()
        object["\u{E9}"] = 1
        object["e\u{301}"] = 2
        return object
    }

    private static let refusedWords = [
        refuse("", .unexpectedEnd, at: 0),
        refuse("  ", .unexpectedEnd, at: 2),
        refuse("nul", .unexpectedEnd, at: 3),
        refuse("nulL", .unexpectedByte, at: 3),
        refuse("True", .unexpectedByte, at: 0),
        refuse("truee", .trailingBytes, at: 4),
        refuse("undefined", .unexpectedByte, at: 0),
        refuse("NaN", .unexpectedByte, at: 0),
        refuse("Infinity", .unexpectedByte, at: 0),
        refuse("'a'", .unexpectedByte, at: 0),
        refuse("a", .unexpectedByte, at: 0),
        refuse("null null", .trailingBytes, at: 5),
        refuse("null\u{0}", .trailingBytes, at: 4),
        refuse("\u{0}null", .unexpectedByte, at: 0),
        refuse("\u{FEFF}null", .unexpectedByte, at: 0),
        refuse("\u{FEFF}", .unexpectedByte, at: 0),
        refuse("\u{A0}null", .unexpectedByte, at: 0),
        refuse("\u{0C}null", .unexpectedByte, at: 0),
        refuse("\u{0B}null", .unexpectedByte, at: 0),
        refuse("// no\nnull", .unexpectedByte, at: 0),
        refuse("null // no", .trailingBytes, at: 5),
        refuse("/* no */null", .unexpectedByte, at: 0),
    ]

    private static let refusedNumbers = [
        refuse("00", .invalidNumber, at: 0),
        refuse("01", .invalidNumber, at: 0),
        refuse("-01", .invalidNumber, at: 1),
        refuse("+1", .unexpectedByte, at: 0),
        refuse("-", .unexpectedEnd, at: 1),
        refuse("--1", .invalidNumber, at: 1),
        refuse("- 1", .invalidNumber, at: 1),
        refuse(".5", .unexpectedByte, at: 0),
        refuse("-.5", .invalidNumber, at: 1),
        refuse("1.", .unexpectedEnd, at: 2),
        refuse("[1.]", .invalidNumber, at: 3),
        refuse("1.e1", .invalidNumber, at: 2),
        refuse("1e", .unexpectedEnd, at: 2),
        refuse("1e+", .unexpectedEnd, at: 3),
        refuse("[1e+]", .invalidNumber, at: 4),
        refuse("1e1.0", .trailingBytes, at: 3),
        refuse("1.2.3", .trailingBytes, at: 3),
        refuse("0x1", .trailingBytes, at: 1),
        refuse("1_000", .trailingBytes, at: 1),
        refuse("1 000", .trailingBytes, at: 2),
        refuse("-NaN", .invalidNumber, at: 1),
        refuse("-Infinity", .invalidNumber, at: 1),
        refuse("1e309", .numberOutOfRange, at: 0),
        refuse("-1e309", .numberOutOfRange, at: 0),
        refuse("[1e99999]", .numberOutOfRange, at: 1),
        refuse(String(repeating: "9", count: 129), .numberOutOfRange, at: 0),
        refuse("１", .unexpectedByte, at: 0),
        refuse("٥", .unexpectedByte, at: 0),
    ]

    private static let refusedStrings = [
        refuse(#"""#, .unexpectedEnd, at: 1),
        refuse(#""a"#, .unexpectedEnd, at: 2),
        refuse(#""a""b""#, .trailingBytes, at: 3),
        refuse("\"\n\"", .controlCharacter, at: 1),
        refuse("\"\t\"", .controlCharacter, at: 1),
        refuse("\"\u{0}\"", .controlCharacter, at: 1),
        refuse("\"\u{1F}\"", .controlCharacter, at: 1),
        refuse("\"\\n\u{1F}\"", .controlCharacter, at: 3),
        refuse(#""\""#, .unexpectedEnd, at: 3),
        refuse(#""\"#, .unexpectedEnd, at: 2),
        refuse(#""\a""#, .invalidEscape, at: 1),
        refuse(#""\'""#, .invalidEscape, at: 1),
        refuse(#""\0""#, .invalidEscape, at: 1),
        refuse(#""\x41""#, .invalidEscape, at: 1),
        refuse(#""\U0041""#, .invalidEscape, at: 1),
        refuse(#""\u""#, .invalidEscape, at: 1),
        refuse(#""\u004""#, .invalidEscape, at: 1),
        refuse(#""\u00G0""#, .invalidEscape, at: 1),
        refuse(#""\u+041""#, .invalidEscape, at: 1),
        refuse(#""\u{41}""#, .invalidEscape, at: 1),
        refuse(#""\u00"#, .unexpectedEnd, at: 5),
        refuse(#""\uD800""#, .loneSurrogate, at: 1),
        refuse(#""\uDC00""#, .loneSurrogate, at: 1),
        refuse(#""\uD800x""#, .loneSurrogate, at: 1),
        refuse(#""\uD800\n""#, .loneSurrogate, at: 1),
        refuse(#""\uD800\uD800""#, .loneSurrogate, at: 1),
        refuse(#""\uD800\u0041""#, .loneSurrogate, at: 1),
        refuse(#""\uDC00\uD800""#, .loneSurrogate, at: 1),
        refuse(#""\uD800\uE000""#, .loneSurrogate, at: 1),
        refuse(#""\uD800\u00""#, .invalidEscape, at: 7),
        refuse(#""\uD800\"#, .unexpectedEnd, at: 8),
        refuse("\"\\é\"", .invalidEscape, at: 1),
        refuse("\"" + String(repeating: "a", count: 4_097) + "\"", .stringTooLong, at: 0),
    ]

    private static let refusedBytes = [
        refuse([0xFF], .invalidUTF8, at: 0),
        refuse([0xFE, 0xFF, 0x00, 0x22], .invalidUTF8, at: 0),
        refuse([0x22, 0x80, 0x22], .invalidUTF8, at: 1),
        refuse([0x22, 0xC0, 0x80, 0x22], .invalidUTF8, at: 1),
        refuse([0x22, 0xC1, 0xBF, 0x22], .invalidUTF8, at: 1),
        refuse([0x22, 0xC3, 0x22], .invalidUTF8, at: 1),
        refuse([0x22, 0x61, 0xE2, 0x82, 0x22], .invalidUTF8, at: 2),
        refuse([0x22, 0xE0, 0x80, 0x80, 0x22], .invalidUTF8, at: 1),
        refuse([0x22, 0xED, 0xA0, 0x80, 0x22], .invalidUTF8, at: 1),
        refuse([0x22, 0xED, 0xB0, 0x80, 0x22], .invalidUTF8, at: 1),
        refuse([0x22, 0xF0, 0x80, 0x80, 0x80, 0x22], .invalidUTF8, at: 1),
        refuse([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], .invalidUTF8, at: 1),
        refuse([0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], .invalidUTF8, at: 1),
        refuse([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], .invalidUTF8, at: 2),
        refuse([0x6E, 0x00, 0x75, 0x00], .unexpectedByte, at: 1),
        refuse([0x30, 0xFF], .invalidUTF8, at: 1),
    ]

    private static let refusedStructures = [
        refuse("[", .unexpectedEnd, at: 1),
        refuse("]", .unexpectedByte, at: 0),
        refuse("[1", .unexpectedEnd, at: 2),
        refuse("[1,", .unexpectedEnd, at: 3),
        refuse("[1,]", .unexpectedByte, at: 3),
        refuse("[,]", .unexpectedByte, at: 1),
        refuse("[,1]", .unexpectedByte, at: 1),
        refuse("[1,,2]", .unexpectedByte, at: 3),
        refuse("[1 2]", .unexpectedByte, at: 3),
        refuse("[1}", .unexpectedByte, at: 2),
        refuse("[]]", .trailingBytes, at: 2),
        refuse("[],", .trailingBytes, at: 2),
        refuse("[1:2]", .unexpectedByte, at: 2),
        refuse("(1)", .unexpectedByte, at: 0),
        refuse("{", .unexpectedEnd, at: 1),
        refuse("}", .unexpectedByte, at: 0),
        refuse(#"{"a""#, .unexpectedEnd, at: 4),
        refuse(#"{"a":"#, .unexpectedEnd, at: 5),
        refuse(#"{"a":1"#, .unexpectedEnd, at: 6),
        refuse(#"{"a":1,"#, .unexpectedEnd, at: 7),
        refuse(#"{"a":1,}"#, .unexpectedByte, at: 7),
        refuse(#"{,"a":1}"#, .unexpectedByte, at: 1),
        refuse(#"{"a":1,,"b":2}"#, .unexpectedByte, at: 7),
        refuse(#"{"a" 1}"#, .unexpectedByte, at: 5),
        refuse(#"{"a"::1}"#, .unexpectedByte, at: 5),
        refuse(#"{"a":}"#, .unexpectedByte, at: 5),
        refuse(#"{"a"}"#, .unexpectedByte, at: 4),
        refuse(#"{"a","b"}"#, .unexpectedByte, at: 4),
        refuse(#"{"a"=1}"#, .unexpectedByte, at: 4),
        refuse(#"{a:1}"#, .unexpectedByte, at: 1),
        refuse(#"{'a':1}"#, .unexpectedByte, at: 1),
        refuse(#"{1:1}"#, .unexpectedByte, at: 1),
        refuse(#"{null:1}"#, .unexpectedByte, at: 1),
        refuse(#"{"a":1 "b":2}"#, .unexpectedByte, at: 7),
        refuse(#"{"a":1]"#, .unexpectedByte, at: 6),
        refuse(#"{}{}"#, .trailingBytes, at: 2),
        refuse(#"{"a":1}#"#, .trailingBytes, at: 7),
        refuse("[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", .tooDeep, at: 16),
    ]

    /// RFC 7515 §4, RFC 7519 §4, RFC 7517 §4.
    private static let refusedDuplicates = [
        refuse(#"{"alg":"none","alg":"RS256"}"#, .duplicateMember, at: 14),
        refuse(#"{"a":1,"a":1}"#, .duplicateMember, at: 7),
        refuse(#"{"a":1,"b":2,"a":3}"#, .duplicateMember, at: 13),
        refuse(#"{"a":1,"\u0061":2}"#, .duplicateMember, at: 7),
        refuse(#"{"abcdefgh":1,"abcdefgh":2}"#, .duplicateMember, at: 14),
        refuse(#"{"":1,"":2}"#, .duplicateMember, at: 6),
        refuse(#"[{"x":{"a":1,"a":2}}]"#, .duplicateMember, at: 13),
        refuse(#"{"é":1,"\u00e9":2}"#, .duplicateMember, at: 8),
        refuse(#"{"\ud83d\ude00":1,"😀":2}"#, .duplicateMember, at: 18),
    ]
}

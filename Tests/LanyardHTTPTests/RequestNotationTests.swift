// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct `Request vector form` {
    @Test(
        arguments: [
            (#"a\r\n\t\0\\b"#, [0x61, 0x0D, 0x0A, 0x09, 0x00, 0x5C, 0x62]),
            (#"\x0d\xFF"#, [0x0D, 0xFF]),
            ("a\nb", [0x61, 0x62]),
            (#"\{ab*2}c"#, [0x61, 0x62, 0x61, 0x62, 0x63]),
            (#"\{*\r*2}"#, [0x2A, 0x0D, 0x2A, 0x0D]),
            ("é", [0xC3, 0xA9]),
        ] as [(String, [UInt8])])
    func `stands for bytes`(text: String, bytes: [UInt8]) throws {
        #expect(try ByteNotation.bytes(of: text) == bytes)
    }

    @Test(
        arguments: [
            (#"a\q"#, .unknownEscape(at: 1)),
            (#"\"#, .unfinishedEscape(at: 0)),
            (#"\x1"#, .unfinishedEscape(at: 0)),
            (#"\xzz"#, .unfinishedEscape(at: 0)),
            (#"\{a}"#, .badRepetition(at: 0)),
            (#"\{a*b}"#, .badRepetition(at: 0)),
            (#"\{a*1"#, .badRepetition(at: 0)),
        ] as [(String, ByteNotation.Mistake)])
    func `refuses what stands for nothing`(text: String, mistake: ByteNotation.Mistake) {
        #expect(throws: mistake) { try ByteNotation.bytes(of: text) }
    }

    @Test(
        arguments: [
            ("rule: a\nexpect: accept\nexpcet: more\n\n", .unknownKey("expcet")),
            ("rule: a\n\n", .missingKey("expect")),
            ("expect: accept\n\n", .missingKey("rule")),
            ("rule: a\nexpect: accept\nbody: a\nbody: b\n\n", .repeatedKey("body")),
            ("rule: a\nexpect: maybe\n\n", .badValue("maybe")),
            ("rule: a\nexpect: refuse 400\n\n", .badValue("refuse 400")),
            ("rule: a\nexpect: accept\nlimit: many\n\n", .badValue("many")),
            ("rule: a\nexpect: accept", .missingKey("bytes")),
        ] as [(String, RequestVector.Mistake)])
    func `refuses a file that says something else`(text: String, mistake: RequestVector.Mistake) {
        #expect(throws: mistake) { try RequestVector(text) }
    }
}

// SPDX-License-Identifier: Apache-2.0

import LanyardPasswords
import Testing

@Suite struct `A password as presented` {
    @Test func `is the bytes of its NFC form and nothing else is done to it`() {
        #expect(Password("re\u{301}sume\u{301}").normalizedBytes() == Array("r\u{E9}sum\u{E9}".utf8))
        #expect(Password(" A b\t\0").normalizedBytes() == Array(" A b\t\0".utf8))
        #expect(Password("\u{FF21}\u{FB01}").normalizedBytes() == Array("\u{FF21}\u{FB01}".utf8))
    }

    struct Length: CustomTestStringConvertible, Sendable {
        let name: String, text: String, isOverlong: Bool
        var testDescription: String { name }
    }

    static let lengths = [
        Length(name: "1024 code points", text: String(repeating: "a", count: 1_024), isOverlong: false),
        Length(name: "1025 code points", text: String(repeating: "a", count: 1_025), isOverlong: true),
        Length(name: "2048 that are 1024 in NFC", text: String(repeating: "e\u{301}", count: 1_024), isOverlong: false),
        Length(
            name: "4096 that are 1024 in NFC", text: String(repeating: "\u{3B1}\u{313}\u{300}\u{345}", count: 1_024),
            isOverlong: false),
        Length(
            name: "4097", text: String(repeating: "\u{3B1}\u{313}\u{300}\u{345}", count: 1_024) + "a", isOverlong: true),
        Length(name: "one grapheme of 1025", text: "a" + String(repeating: "\u{20DD}", count: 1_024), isOverlong: true),
    ]

    @Test(arguments: lengths)
    func `is over-long beyond 1024 code points in NFC`(length: Length) {
        #expect((Password(length.text).normalizedBytes() == nil) == length.isOverlong)
    }

    @Test func `is never printed`() {
        var dumped = ""
        dump(Password("hunter2hunter2!"), to: &dumped)
        dump(NewPassword(exemptFromPolicy: "hunter2hunter2!"), to: &dumped)
        dump(PasswordCheck(Password("hunter2hunter2!"), decoy: .decoy), to: &dumped)
        #expect(!dumped.contains("hunter2"))
        #expect(!dumped.contains("104"))
    }
}

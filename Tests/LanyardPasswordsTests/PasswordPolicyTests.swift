// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardPasswords
import Testing

@Suite struct `The password policy` {
    static let family = "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}"
    static let policy = PasswordPolicy()

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String, text: String, error: PasswordPolicyError?
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "empty", text: "", error: .tooShort(minimum: 15)),
        Case(name: "14 code points", text: "zuGh4-quex/oto", error: .tooShort(minimum: 15)),
        Case(name: "15 code points", text: "zuGh4-quex/otob", error: nil),
        Case(
            name: "14 code points in 28 bytes", text: String(repeating: "\u{F1}", count: 14),
            error: .tooShort(minimum: 15)),
        Case(name: "15 code points in 30 bytes", text: String(repeating: "\u{F1}", count: 15), error: nil),
        Case(
            name: "28 decomposed that are 14", text: String(repeating: "n\u{303}", count: 14),
            error: .tooShort(minimum: 15)),
        Case(name: "a family is 7 code points, two are 14", text: family + family, error: .tooShort(minimum: 15)),
        Case(name: "two families and a letter", text: family + family + "x", error: nil),
        Case(
            name: "three graphemes of 15 code points",
            text: "a\u{20DD}\u{20DD}\u{20DD}\u{20DD}b\u{20DD}\u{20DD}\u{20DD}\u{20DD}c\u{20DD}\u{20DD}\u{20DD}\u{20DD}",
            error: nil),
        Case(name: "256 code points", text: String(repeating: "zuGh", count: 64), error: nil),
        Case(name: "257 code points", text: String(repeating: "zuGh", count: 64) + "4", error: .tooLong(maximum: 256)),
        Case(name: "512 decomposed that are 256", text: String(repeating: "n\u{303}", count: 256), error: nil),
        Case(name: "a million", text: String(repeating: "n\u{303}", count: 500_000), error: .tooLong(maximum: 256)),
        Case(name: "blanks at both ends stay", text: " zuGh4-quex/oto ", error: nil),
        Case(
            name: "all printing ASCII", text: String(decoding: Array(0x20...0x7E), as: Unicode.ASCII.self), error: nil),
        Case(name: "NUL", text: "zuGh4-quex/otob\0", error: .forbiddenCharacter),
        Case(name: "line end", text: "zuGh4-quex/otob\r\n", error: .forbiddenCharacter),
        Case(name: "delete", text: "zuGh4-quex/otob\u{7F}", error: .forbiddenCharacter),
        Case(name: "C1 control", text: "zuGh4-quex/otob\u{9F}", error: .forbiddenCharacter),
        Case(name: "unassigned", text: "zuGh4-quex/otob\u{378}", error: .forbiddenCharacter),
        Case(name: "noncharacter", text: "zuGh4-quex/otob\u{10FFFF}", error: .forbiddenCharacter),
        Case(name: "private use", text: "zuGh4-quex/otob\u{E000}", error: nil),
        Case(name: "listed", text: "passwordpassword", error: .blocked),
        Case(name: "listed, in other case", text: "PasswordPASSWORD", error: .blocked),
        Case(name: "listed within more", text: "passwordpassword, quoth the raven", error: nil),
        Case(name: "the account of serve --dev", text: "correct horse battery staple", error: .blocked),
        Case(name: "the account's name", text: "ALICE.Liddell@Example.org", error: .blocked),
    ]

    @Test(arguments: cases)
    func `counts code points in NFC and refuses for the reason it is wrong`(example: Case) throws {
        let accept = { () throws(PasswordPolicyError) in
            try Self.policy.accept(example.text, otherThan: ["alice.liddell@example.org"])
        }
        if let error = example.error {
            #expect(throws: error) { try accept() }
        } else {
            #expect(try accept().bytes.reveal() == Password(example.text).normalizedBytes())
        }
    }

    @Test func `has the lengths it is given`() throws {
        let short = PasswordPolicy(minimumLength: 8, maximumLength: 64, blocklist: Blocklist([]))
        #expect(throws: PasswordPolicyError.tooShort(minimum: 8)) { try short.accept("1234567") }
        #expect(try short.accept("12345678").bytes.reveal().count == 8)
        #expect(throws: PasswordPolicyError.tooLong(maximum: 64)) {
            try short.accept(String(repeating: "a", count: 65))
        }
        let long = PasswordPolicy(minimumLength: 1_024, maximumLength: 1_024, blocklist: Blocklist([]))
        #expect(try long.accept(String(repeating: "\u{1F468}", count: 1_024)).bytes.reveal().count == 4_096)
    }
}

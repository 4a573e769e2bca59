// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardPasswords
import Testing

@Suite struct `The password policy` {
    static let family = "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}"
    static let policy = PasswordPolicy()

    /// Letters with a tilde in no pattern, of two code points each, which are one of two bytes in NFC.
    static func various(_ count: Int) -> String {
        (0..<count).map { "\(Array("noaiu")[$0 * $0 * 7 / 3 % 5])\u{303}" }.joined()
    }

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
        Case(name: "15 code points in 30 bytes", text: various(15).normalizedC, error: nil),
        Case(
            name: "28 decomposed that are 14", text: String(repeating: "n\u{303}", count: 14),
            error: .tooShort(minimum: 15)),
        Case(name: "a family is 7 code points, two are 14", text: family + family, error: .tooShort(minimum: 15)),
        Case(name: "two families and a letter", text: family + family + "x", error: nil),
        Case(
            name: "three graphemes of 15 code points",
            text: "a\u{20DD}\u{20DD}\u{20DD}\u{20DD}b\u{20DD}\u{20DD}\u{20DD}\u{20DD}c\u{20DD}\u{20DD}\u{20DD}\u{20DD}",
            error: nil),
        Case(name: "256 code points", text: various(256).normalizedC, error: nil),
        Case(name: "257 code points", text: String(repeating: "zuGh", count: 64) + "4", error: .tooLong(maximum: 256)),
        Case(name: "512 decomposed that are 256", text: various(256), error: nil),
        Case(name: "a million", text: String(repeating: "n\u{303}", count: 500_000), error: .tooLong(maximum: 256)),
        Case(name: "blanks at both ends stay", text: " zuGh4-quex/oto ", error: nil),
        Case(
            name: "all printing ASCII",
            text: String(decoding: (0..<95).map { UInt8(0x20 + $0 * 37 % 95) }, as: Unicode.ASCII.self), error: nil),
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
        #expect(try short.accept("82561734").bytes.reveal().count == 8)
        #expect(throws: PasswordPolicyError.tooLong(maximum: 64)) {
            try short.accept(String(repeating: "a", count: 65))
        }
        let long = PasswordPolicy(minimumLength: 1_024, maximumLength: 1_024, blocklist: Blocklist([]))
        let faces = String(
            String.UnicodeScalarView((0..<1_024).compactMap { Unicode.Scalar(0x1F600 + UInt32($0 * $0 % 61)) }))
        #expect(try long.accept(faces).bytes.reveal().count == 4_096)
    }
}

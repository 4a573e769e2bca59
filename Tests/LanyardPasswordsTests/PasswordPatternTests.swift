// SPDX-License-Identifier: Apache-2.0

import LanyardPasswords
import Testing

@Suite struct `A pattern` {
    static let words = ["Alice Liddell", "queen.hearts@wonderland.example"]
    static let policy = PasswordPolicy(minimumLength: 8, serviceWords: ["lanyard", "auth.teaparty.example"])

    @Test(arguments: [
        // One character, or a short sequence.
        "aaaaaaaaaaaaaaa", "\u{1F600}\u{1F600}\u{1F600}\u{1F600}\u{1F600}\u{1F600}\u{1F600}\u{1F600}",
        "               ",
        "x7x7x7x7x7x7x7x7", "zuGh4zuGh4zuGh4", "abc!abc!abc!abc", "Tr0ub4d!Tr0ub4d!", "....................",
        // The account's name, its address, the service.
        "AliceLiddellAliceLiddell", "alice liddellalice liddell", "alicealicealice", "Alice1234567890!",
        "1987-liddell-1987",
        "wonderland!!!!!!!", "queen.hearts2024", "queen.hearts@wonderland.example1", "lanyardlanyard!",
        "Lanyard-Lanyard-1",
        "Lanyard2024!!!!!", "teaparty12345678", "auth.teaparty.example", "hearts hearts hearts",
        // A word of the list with digits and punctuation.
        "password!!!!!!!!", "Password2024!!!!", "!!!!!!!!!!dragon", "1987--monkey--1987", "monkey.monkey.monkey",
        "monkey1monkey2monkey3", "abc123!!!!!!!!!!", "--- letmein --- 1", "passwordpassword2024!",
        "Sunshine 31.12.1999",
        // Runs.
        "abcdefghijklmnop", "ponmlkjihgfedcba", "qwertyuiop123456", "asdfghjkl;'asdf", "1qaz2wsx3edc4rfv!",
        "11112222333344445",
        "aaabbbcccdddeee", "xyzabcdefghij1234", "98765432101234", "qwertzuiopasdfgh",
        "\u{439}\u{446}\u{443}\u{43A}\u{435}\u{43D}123456",
        "abcd1234", "0000000000000007",
    ])
    func `is blocked`(password: String) {
        #expect(throws: PasswordPolicyError.blocked) { try Self.policy.accept(password, otherThan: Self.words) }
    }

    @Test(arguments: [
        "correct horse battery stapler", "password is what the raven quoth", "dragon monkey football master",
        "my 2 dogs chased 3 cats", "Alice went down the rabbit hole", "the lanyard of the teaparty",
        "alice and queen hearts",
        "zuGh4-quex/otob", "8f14e45fceea167a5a36dedd4bea2543", "T7#qP2!xZ9", "u8K!aaa7", "qwer7k!z",
        "90377 41862 55301",
        "over the lazy 12345 dogs", "aaa bbb, said the sheep", "j\u{E4}rvi on kaunis kes\u{E4}ll\u{E4}",
        "\u{65E5}\u{672C}\u{8A9E}\u{306E}\u{30D1}\u{30B9}\u{30EF}\u{30FC}\u{30C9}", "understudy hijinks",
        "we were there, weren't we?", "monkey wrench 1987", "sunshine on my shoulders",
        "blue moon blue moon rising",
        "2024-06-17 was a Monday", "to be, or not to be: 1603", "1.4142135623730951",
        String(repeating: "a", count: 15) + " is a long scream",
    ])
    func `is not seen where there is none`(password: String) throws {
        _ = try Self.policy.accept(password, otherThan: Self.words)
    }

    @Test func `is made of the words of the list that is set`() throws {
        let policy = PasswordPolicy(blocklist: Blocklist(["Jabberwock"]))
        #expect(throws: PasswordPolicyError.blocked) { try policy.accept("jabberwock 1871!!") }
        _ = try policy.accept("monkey 1871!!!!!!!!")
    }

    @Test(arguments: [
        String(repeating: "a", count: 256), String(repeating: "ab", count: 127) + "c7",
        String(repeating: "1", count: 255) + "x",
        String(repeating: "qwerty", count: 42),
        String(repeating: "a1", count: 60) + "b" + String(repeating: "1a", count: 60),
    ])
    func `is looked for in bounded time, whatever the password`(password: String) {
        let time = ContinuousClock().measure { _ = try? Self.policy.accept(password, otherThan: Self.words) }
        #expect(time < .seconds(5))
    }
}

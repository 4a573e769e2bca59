// SPDX-License-Identifier: Apache-2.0

import LanyardPasswords
import Testing

@Suite struct `The name of an account` {
    struct Pair: CustomTestStringConvertible, Sendable {
        let name: String, left: String, right: String, areOne: Bool
        var testDescription: String { name }
    }

    static let pairs = [
        Pair(name: "case", left: "Alice", right: "aLICE", areOne: true),
        Pair(name: "composed and decomposed", left: "Ren\u{E9}", right: "rene\u{301}", areOne: true),
        Pair(name: "marks in another order", left: "q\u{307}\u{323}", right: "q\u{323}\u{307}", areOne: true),
        Pair(name: "Kelvin sign and k", left: "\u{212A}im", right: "kim", areOne: true),
        Pair(name: "Angstrom sign and a with ring", left: "\u{212B}sa", right: "\u{E5}sa", areOne: true),
        Pair(
            name: "final and capital sigma", left: "\u{39D}\u{399}\u{39A}\u{39F}\u{3A3}",
            right: "\u{3BD}\u{3B9}\u{3BA}\u{3BF}\u{3C2}", areOne: true),
        Pair(name: "final and other small sigma", left: "\u{3C3}\u{3C2}", right: "\u{3C2}\u{3C3}", areOne: true),
        Pair(name: "sharp s, small and capital", left: "stra\u{DF}e", right: "STRA\u{1E9E}E", areOne: true),
        Pair(name: "Cherokee", left: "\u{13A0}", right: "\u{AB70}", areOne: true),
        Pair(name: "Deseret, beyond 16 bits", left: "\u{10400}", right: "\u{10428}", areOne: true),
        Pair(name: "Turkish dotless i and i", left: "\u{131}", right: "i", areOne: false),
        Pair(name: "Turkish dotless i and its capital I", left: "\u{131}", right: "I", areOne: false),
        Pair(name: "Turkish capital I with dot and i", left: "\u{130}", right: "i", areOne: false),
        Pair(name: "Turkish capital I with dot, both spellings", left: "\u{130}", right: "I\u{307}", areOne: true),
        Pair(name: "sharp s and ss", left: "stra\u{DF}e", right: "strasse", areOne: false),
        Pair(name: "full width", left: "\u{FF41}lice", right: "alice", areOne: false),
        Pair(name: "another blank between", left: "a\u{A0}b", right: "a b", areOne: false),
        Pair(name: "a joiner between", left: "a\u{200D}b", right: "ab", areOne: false),
    ]

    @Test(arguments: pairs)
    func `is one with another that differs in case or spelling only`(pair: Pair) throws {
        let keys = try [pair.left, pair.right].map { Array(try AccountName(presented: $0).key.utf8) }
        #expect((keys[0] == keys[1]) == pair.areOne)
    }

    @Test func `is kept as it was given, in NFC`() throws {
        let name = try AccountName("Rene\u{301} M\u{FC}ller")
        #expect(Array(name.text.utf8) == Array("Ren\u{E9} M\u{FC}ller".utf8))
        #expect(Array(name.key.utf8) == Array("ren\u{E9} m\u{FC}ller".utf8))
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        let name: String, text: String, error: AccountNameError
        var testDescription: String { name }
    }

    static let refusals = [
        Refusal(name: "empty", text: "", error: .empty),
        Refusal(name: "129 code points", text: String(repeating: "a", count: 129), error: .tooLong(maximum: 128)),
        Refusal(
            name: "129 code points outside ASCII", text: String(repeating: "\u{E9}", count: 129),
            error: .tooLong(maximum: 128)),
        Refusal(
            name: "one grapheme of 129 code points", text: "a" + String(repeating: "\u{20DD}", count: 128),
            error: .tooLong(maximum: 128)),
        Refusal(
            name: "a million code points", text: String(repeating: "e\u{301}", count: 500_000),
            error: .tooLong(maximum: 128)),
        Refusal(name: "NUL", text: "a\0b", error: .forbiddenCharacter),
        Refusal(name: "line feed", text: "a\nb", error: .forbiddenCharacter),
        Refusal(name: "carriage return and line feed", text: "a\r\nb", error: .forbiddenCharacter),
        Refusal(name: "tab at the end", text: "a\t", error: .forbiddenCharacter),
        Refusal(name: "delete", text: "a\u{7F}b", error: .forbiddenCharacter),
        Refusal(name: "next line (C1)", text: "a\u{85}b", error: .forbiddenCharacter),
        Refusal(name: "line separator", text: "a\u{2028}b", error: .forbiddenCharacter),
        Refusal(name: "right-to-left override", text: "ecila\u{202E}", error: .forbiddenCharacter),
        Refusal(name: "unassigned code point", text: "a\u{378}", error: .forbiddenCharacter),
        Refusal(name: "noncharacter", text: "a\u{FFFF}", error: .forbiddenCharacter),
        Refusal(name: "blank first", text: " alice", error: .surroundingBlank),
        Refusal(name: "blank last", text: "alice ", error: .surroundingBlank),
        Refusal(name: "blank alone", text: " ", error: .surroundingBlank),
        Refusal(name: "no-break space last", text: "alice\u{A0}", error: .surroundingBlank),
        Refusal(name: "ideographic space first", text: "\u{3000}alice", error: .surroundingBlank),
        // An en quad becomes an en space in NFC; a mark after a blank must not hide it.
        Refusal(name: "en quad first", text: "\u{2000}alice", error: .surroundingBlank),
        Refusal(name: "zero-width non-joiner", text: "ali\u{200C}ce", error: .invisibleCharacter),
        Refusal(name: "zero-width joiner", text: "\u{1F469}\u{200D}\u{1F680}", error: .invisibleCharacter),
        Refusal(name: "zero-width space", text: "alice\u{200B}", error: .invisibleCharacter),
        Refusal(name: "soft hyphen", text: "ali\u{AD}ce", error: .invisibleCharacter),
        Refusal(name: "variation selector", text: "\u{2764}\u{FE0F}", error: .invisibleCharacter),
        Refusal(name: "Hangul filler", text: "\u{3164}", error: .invisibleCharacter),
        Refusal(name: "combining grapheme joiner", text: "a\u{34F}b", error: .invisibleCharacter),
        Refusal(name: "tag letter", text: "alice\u{E0061}", error: .invisibleCharacter),
        Refusal(name: "blank with a mark on it", text: " \u{301}alice", error: .surroundingBlank),
    ]

    @Test(arguments: refusals)
    func `is refused for the reason it is wrong`(refusal: Refusal) {
        #expect(throws: refusal.error) { try AccountName(refusal.text) }
    }

    @Test(arguments: [
        "a", String(repeating: "a", count: 128), String(repeating: "e\u{301}", count: 128), "alice@example.org",
        "Alice Liddell", "\u{645}\u{6CC}\u{62E}\u{648}\u{627}\u{647}\u{645}", "\u{1F469}", "O'Brien; DROP",
    ])
    func `is accepted`(text: String) throws {
        #expect(try AccountName(text).text.unicodeScalars.count <= 128)
    }

    @Test func `has a key that is its own key, whatever the letter`() {
        for value in UInt32(0)...0x10_FFFF {
            guard let scalar = Unicode.Scalar(value), scalar.properties.changesWhenNFKCCaseFolded else { continue }
            let key = String(scalar).caselessKey
            let again = key.caselessKey
            if !again.utf8.elementsEqual(key.utf8) { Issue.record("U+\(String(value, radix: 16)): \(key), \(again)") }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import Testing

@Suite struct `A byte string` {
    /// One text in two spellings, which Swift's `String` calls equal: composed, and decomposed (Unicode §3.11).
    private static let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")

    @Test func `is equal to the same bytes alone`() {
        #expect(Self.composed == Self.decomposed, "the two spellings are equal as texts")
        #expect(Role(Self.composed) != Role(Self.decomposed))
        #expect(Role(Self.composed) == Role(Self.composed))
        #expect(Role("") != Role("\u{0}"))
        #expect(Role("caf") != Role("cafe"))
        // KELVIN SIGN decomposes to the letter alone.
        #expect(AccountID("K") != AccountID("\u{212A}"))
    }

    @Test func `is found in a set and a dictionary by its bytes`() {
        let sessions: Set = [SessionID(Self.composed), SessionID(Self.decomposed), SessionID(Self.composed)]
        #expect(sessions.count == 2)
        let kinds = [KeyID(Self.composed): "composed", KeyID(Self.decomposed): "decomposed"]
        #expect(kinds[KeyID(Self.composed)] == "composed")
        #expect(kinds[KeyID(Self.decomposed)] == "decomposed")
        #expect(kinds["cafe"] == nil)
    }

    /// What is equal has one hash, however the text is stored: in the value itself, in the heap, or as part of another.
    @Test(arguments: ["", "r", "exactly 15 byte", "longer than a value of sixteen bytes", "caf\u{E9}"])
    func `has one hash, wherever its bytes are`(text: String) {
        let part = "<\(text)>".dropFirst().dropLast()
        let copies = [
            ClientID(text), ClientID(String(part)), ClientID(String(decoding: Array(text.utf8), as: UTF8.self)),
        ]
        #expect(Set(copies).count == 1)
        #expect(Set(copies.map(\.hashValue)).count == 1)
    }

    /// Else `["ab", "c"]` and `["a", "bc"]` would collide wherever lists are hashed.
    @Test func `ends where its text ends when it is hashed with others`() {
        #expect([Role("ab"), Role("c")].hashValue != [Role("a"), Role("bc")].hashValue)
    }

    @Test func `has its place by its bytes`() {
        #expect([Role("b"), "B", "a\u{301}", "\u{E1}", "a", ""].sorted() == ["", "B", "a", "a\u{301}", "b", "\u{E1}"])
    }

    @Test func `prints its text`() {
        let session: SessionID = "kP2xW0cY7uQ9dF4hJ6sLzA"
        #expect("session \(session)" == "session kP2xW0cY7uQ9dF4hJ6sLzA")
        #expect(session.text == "kP2xW0cY7uQ9dF4hJ6sLzA")
    }

    @Test(arguments: ["a", "A-Za-z0-9._:-", String(repeating: "x", count: 64)])
    func `is checked to be a word`(text: String) throws {
        #expect(try ClientID(checking: text).text == text)
    }

    @Test(arguments: ["", "two words", "a,b", "caf\u{E9}", "a/b", "a\n", String(repeating: "x", count: 65)])
    func `is refused as a word`(text: String) {
        #expect(throws: NotAWord(text: text)) { try ClientID(checking: text) }
    }
}

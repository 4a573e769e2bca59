// SPDX-License-Identifier: Apache-2.0

import LanyardPasswords
import Testing

@Suite struct `An e-mail address` {
    static let longest = String(repeating: "a", count: 242) + "@example.org"

    @Test(arguments: [
        "a@b", "alice.liddell+news@example.org", "o'brien@example.org", "\u{E9}ve@b\u{FC}cher.example", longest,
        "a..b@c", "{}!#$%&*/=?^_`|~-@x",
    ])
    func `has one at sign with something on both sides`(text: String) {
        #expect(EmailAddress(text)?.text == text)
    }

    @Test(arguments: [
        "", "a", "@", "a@", "@b", "a@b@c", "a b@c", " a@b", "a@b\n", "a@b\u{A0}", "a\u{0}@b", "a\u{7F}@b", "a\u{85}@b",
        "a\u{2028}@b", "a\u{3000}@b", "<a@b>", "a(x)@b", "a@[::1]", "a,b@c", "a;b@c", "a:b@c", "a\\b@c", "\"a\"@b",
        "a" + longest,
    ])
    func `is nothing else`(text: String) {
        #expect(EmailAddress(text) == nil)
    }

    @Test func `is compared in NFC and lower case`() throws {
        let keys = try ["E\u{301}VE@Example.ORG", "\u{E9}ve@example.org"].map { text in
            Array(try #require(EmailAddress(text)).key.utf8)
        }
        #expect(keys[0] == keys[1])
    }
}

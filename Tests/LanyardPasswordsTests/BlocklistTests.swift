// SPDX-License-Identifier: Apache-2.0

import Glibc
import LanyardPasswords
import Testing

@Suite struct `A blocklist` {
    @Test(arguments: [
        // From the list itself, first and last, then the forms that are made of it.
        "12345678", "password", "q1w2e3r4t5y6u7i8o9p0", "qwerty123456789", "passwordpassword", "PasswordPassword",
        "abc123abc123abc123",
        "letmeinletmein", "password1234567890", "1234567890password", "1234567890123456", "qwertyuiopasdfgh",
        "abcdefghijklmnop",
        "1qaz2wsx3edc4rfv5tgb", "111111111111111", "correct horse battery staple", "CorrectHorseBatteryStaple",
        "thisismypassword",
        "administrator123",
    ])
    func `is built in and holds what is tried first`(password: String) {
        #expect(Blocklist.builtIn.contains(password))
    }

    @Test(arguments: [
        "", "zuGh4-quex/otob", "passwordpasswor", " passwordpassword", "correct horse battery stapler",
        "tr0ub4dor&3-is-not-listed",
    ])
    func `built in lets others through`(password: String) {
        #expect(!Blocklist.builtIn.contains(password))
    }

    @Test(arguments: [8, 15])
    func `built in holds more than 3,000 that are long enough`(length: Int) {
        let longEnough = Set(Blocklist.builtInPasswords.filter { $0.unicodeScalars.count >= length })
        #expect(longEnough.count > 3_000)
        #expect(longEnough.allSatisfy(Blocklist.builtIn.contains))
    }

    @Test func `built in is spelled as it is compared`() {
        #expect(Blocklist.builtInPasswords.allSatisfy { $0.utf8.elementsEqual($0.caselessKey.utf8) })
        #expect(Blocklist.builtInPasswords.allSatisfy { !$0.isEmpty && !$0.contains("\n") })
    }

    @Test func `compares without case and in NFC`() {
        let list = Blocklist(["Motdepasse\u{C9}t\u{E9}"])
        #expect(list.contains("motDEpassee\u{301}te\u{301}"))
        #expect(!list.contains("motdepasseete"))
        #expect(list.count == 1)
    }

    @Test func `finds each of its entries and nothing else`() {
        let entries = (0..<1_000).map { "entry \($0 * 2)" }
        let list = Blocklist(entries)
        #expect(entries.allSatisfy(list.contains))
        #expect(!(0..<1_000).contains { list.contains("entry \($0 * 2 + 1)") })
        #expect(!Blocklist([]).contains(""))
    }

    @Test func `is read from a file of one password a line`() throws {
        let overlong = String(repeating: "x", count: 20_000)
        let text = "first password\r\nsecond password\n\n  indented\n# not a comment\n\(overlong)\nlast without an end"
        let file = try TemporaryFile(Array(text.utf8) + [0x0A, 0xFF, 0xFE, 0x0A] + Array("after bad bytes".utf8))
        let list = try Blocklist(contentsOfFile: file.path)
        let entries = [
            "first password", "second password", "  indented", "# not a comment", "last without an end",
            "after bad bytes",
        ]
        #expect(list.count == entries.count)
        #expect(entries.allSatisfy(list.contains))
        #expect(!list.contains("indented"))
        #expect(!list.contains("first password\r"))
    }

    @Test func `is read whole when the file is longer than one read`() throws {
        let entries = (0..<20_000).map { "password number \($0)" }
        let file = try TemporaryFile(Array(entries.joined(separator: "\n").utf8))
        let list = try Blocklist(contentsOfFile: file.path)
        #expect(list.count == entries.count)
        #expect(entries.allSatisfy(list.contains))
    }

    @Test func `says why a file cannot be read`() {
        #expect(throws: BlocklistError.unreadable(code: ENOENT)) { try Blocklist(contentsOfFile: "/nonexistent/list") }
        #expect(throws: BlocklistError.unreadable(code: EISDIR)) { try Blocklist(contentsOfFile: "/") }
    }
}

/// A file that is removed with its owner.
private final class TemporaryFile {
    let path: String

    struct Unwritable: Error {}

    init(_ bytes: [UInt8]) throws {
        var template = Array("/tmp/lanyard-test-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&template)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard descriptor >= 0 else { throw Unwritable() }
        defer { close(descriptor) }
        guard unsafe write(descriptor, bytes, bytes.count) == bytes.count else { throw Unwritable() }
    }

    deinit { unsafe unlink(path) }
}

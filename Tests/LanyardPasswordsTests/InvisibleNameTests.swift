// SPDX-License-Identifier: Apache-2.0

import Glibc
import LanyardPasswords
import Testing

/// Reads Unicode's own list of what is not displayed, from the Debian package `unicode-data`.
///
/// Without the file the test fails.
@Suite struct `An invisible code point` {
    static let path = "/usr/share/unicode/DerivedCoreProperties.txt"

    @Test func `has no place in a new name, and is no obstacle in one that is looked up`() throws {
        let listed = try Self.listed()
        #expect(listed.count > 4_000)
        var checked = 0
        for scalar in listed {
            let text = "a\(scalar)b"
            #expect(throws: AccountNameError.self, "U+\(String(scalar.value, radix: 16))") { try AccountName(text) }
            // Control characters of bidirectional text and unassigned code points never had a place.
            guard let name = try? AccountName(presented: text) else { continue }
            #expect(throws: AccountNameError.invisibleCharacter) { try AccountName(text) }
            #expect(name.text.unicodeScalars.contains(scalar))
            checked += 1
        }
        #expect(checked > 350)
    }

    @Test func `is one of Unicode's list and nothing else`() throws {
        let listed = Set(try Self.listed())
        for value in UInt32(0)...0x10_FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let isRefused: Bool
            do throws(AccountNameError) {
                _ = try AccountName("a\(scalar)b")
                isRefused = false
            } catch {
                isRefused = error == .invisibleCharacter
            }
            if isRefused, !listed.contains(scalar) { Issue.record("U+\(String(value, radix: 16)) is displayed") }
        }
    }

    struct Unreadable: Error {}

    /// The code points with the property `Default_Ignorable_Code_Point`.
    static func listed() throws -> [Unicode.Scalar] {
        guard let file = unsafe fopen(path, "r") else { throw Unreadable() }
        defer { unsafe fclose(file) }
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { unsafe free(line) }
        var scalars: [Unicode.Scalar] = []
        while unsafe getline(&line, &capacity, file) > 0 {
            guard let start = unsafe line else { throw Unreadable() }
            let fields = unsafe String(cString: start).split(separator: "#").first?.split(separator: ";") ?? []
            guard fields.count == 2, fields[1].contains("Default_Ignorable_Code_Point") else { continue }
            let ends = fields[0].split(whereSeparator: { $0 == "." || $0 == " " }).compactMap { UInt32($0, radix: 16) }
            guard let first = ends.first, let last = ends.last else { throw Unreadable() }
            scalars += (first...last).compactMap(Unicode.Scalar.init)
        }
        return scalars
    }
}

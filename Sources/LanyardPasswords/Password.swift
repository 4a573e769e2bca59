// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// A password that somebody presents, to be checked against a hash.
///
/// Kept as it was received, because to normalise thousands of combining marks takes milliseconds: that is done where
/// it is hashed, and never for a try that is turned away before. Its bytes are wiped with the last copy of it.
package struct Password: Sendable {
    /// The most code points, in NFC, that a password can have under any policy.
    package static let longestLength = 1_024

    /// The UTF-8 of the text as it was received.
    private let bytes: Secret<[UInt8]>

    /// Takes a text as it was received.
    package init(_ text: String) {
        bytes = Secret(Array(text.utf8))
    }

    /// The text as it was received, in new memory; the caller wipes it.
    var text: String { String(decoding: bytes.reveal(), as: UTF8.self) }

    /// Returns the bytes that are hashed, or `nil` for an over-long password, which is wrong for every account.
    ///
    /// The UTF-8 of the NFC form (NIST SP 800-63B-4 §3.1.1.2), and nothing else is done to it: it is not trimmed,
    /// folded or cut off. Text outside ASCII passes through strings, which are not wiped.
    package func normalizedBytes() -> [UInt8]? {
        let bytes = bytes.reveal()
        // ASCII is in every form, and each byte is a code point.
        if bytes.allSatisfy({ $0 < 0x80 }) { return bytes.count <= Self.longestLength ? bytes : nil }
        let text = text
        guard text.unicodeScalars.count <= Self.longestLength * longestCanonicalDecomposition else { return nil }
        let normalized = text.normalizedC
        return normalized.unicodeScalars.count <= Self.longestLength ? Array(normalized.utf8) : nil
    }
}

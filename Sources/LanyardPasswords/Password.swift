// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// A password that somebody presents, to be checked against a hash.
///
/// NFC is the only thing done to it (NIST SP 800-63B-4 §3.1.1.2): nothing is trimmed, folded or cut off.
package struct Password: Sendable {
    /// The most code points, in NFC, that a password can have under any policy.
    package static let longestLength = 1_024

    /// The UTF-8 of the NFC form; empty if the password is over-long.
    package let bytes: Secret<[UInt8]>
    /// Whether this is longer than any password can be: wrong for every account, whatever the stored hash.
    package let isOverlong: Bool

    /// Takes a text as it was received.
    package init(_ text: String) {
        let longestGiven = Self.longestLength * longestCanonicalDecomposition
        let normalized = text.unicodeScalars.count <= longestGiven ? text.normalizedC : nil
        guard let normalized, normalized.unicodeScalars.count <= Self.longestLength else {
            bytes = Secret([])
            isOverlong = true
            return
        }
        bytes = Secret(Array(normalized.utf8))
        isOverlong = false
    }
}

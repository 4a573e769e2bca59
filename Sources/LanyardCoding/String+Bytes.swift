// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Whether both texts are the same bytes in UTF-8.
    ///
    /// Swift's `==` compares by canonical equivalence, so that `é` written in two ways is equal. Identifiers in tokens are
    /// compared code point by code point (RFC 7519 §7.3).
    package func hasSameBytes(as other: String) -> Bool {
        let left = utf8.span
        let right = other.utf8.span
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }
}

extension [String] {
    /// Returns whether `text` is one of these, byte by byte.
    package func holds(_ text: String) -> Bool { contains { $0.hasSameBytes(as: text) } }
}

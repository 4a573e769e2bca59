// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Whether both texts are the same bytes in UTF-8.
    ///
    /// Swift's `==` compares by canonical equivalence, so that `é` written in two ways is equal. Identifiers in tokens are
    /// compared code point by code point (RFC 7519 §7.3).
    package func hasSameBytes(as other: String) -> Bool {
        // Equal bytes are always `==`, and that is quick; the bytes decide the few that are left.
        self == other && utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}

// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Whether both texts are the same bytes in UTF-8.
    ///
    /// Swift's `==` compares by canonical equivalence, so that `é` written in two ways is equal. What has a type of its own is
    /// a ``ByteString``; this is for other texts from outside, such as paths.
    package func hasSameBytes(as other: String) -> Bool {
        let left = utf8.span
        let right = other.utf8.span
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }
}

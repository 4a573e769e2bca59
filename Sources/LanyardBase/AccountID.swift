// SPDX-License-Identifier: Apache-2.0

/// The id of an account, the `sub` of its tokens.
package struct AccountID: ByteString {
    package let text: String

    package init(_ text: String) { self.text = text }
}

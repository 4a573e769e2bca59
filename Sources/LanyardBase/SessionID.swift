// SPDX-License-Identifier: Apache-2.0

/// The id of a session, the `sid` of its tokens.
package struct SessionID: ByteString {
    package let text: String

    package init(_ text: String) { self.text = text }
}

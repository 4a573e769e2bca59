// SPDX-License-Identifier: Apache-2.0

/// The name of a client, its `client_id` (RFC 6749 §2.2).
package struct ClientID: ByteString {
    package let text: String

    package init(_ text: String) { self.text = text }
}

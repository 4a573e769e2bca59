// SPDX-License-Identifier: Apache-2.0

/// The name of a key: the `kid` of one that signs (RFC 7517 §4.5), or that of a secret in the store.
package struct KeyID: ByteString {
    package let text: String

    package init(_ text: String) { self.text = text }
}

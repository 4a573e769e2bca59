// SPDX-License-Identifier: Apache-2.0

/// What an account or a service client may do, in the words of the services that ask for it.
package struct Role: ByteString {
    package let text: String

    package init(_ text: String) { self.text = text }
}

// SPDX-License-Identifier: Apache-2.0

/// Whom a token is for, the `aud` of RFC 7519 §4.1.3.
package struct Audience: ByteString {
    package let text: String

    package init(_ text: String) { self.text = text }
}

/// Audiences in their order, each once.
package typealias Audiences = Distinct<Audience>

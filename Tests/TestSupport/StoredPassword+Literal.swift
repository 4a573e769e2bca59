// SPDX-License-Identifier: Apache-2.0

package import LanyardStore

/// A password of which a test cares for nothing but its bytes.
extension StoredPassword: ExpressibleByArrayLiteral {
    /// Creates a password without a scheme.
    package init(arrayLiteral bytes: UInt8...) {
        self.init(sealed: bytes, scheme: nil)
    }
}

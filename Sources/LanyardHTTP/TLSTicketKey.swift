// SPDX-License-Identifier: Apache-2.0

internal import CLibssl
package import LanyardBase

/// One key for session tickets (RFC 5077 §4).
package struct TLSTicketKey: Sendable {
    /// What a ticket names its key by, 16 bytes.
    package let name: [UInt8]
    /// The key of AES-256-CBC.
    package let cipherKey: Secret<[UInt8]>
    /// The key of HMAC-SHA256.
    package let macKey: Secret<[UInt8]>

    /// How many bytes a name has.
    static let nameBytes = 16

    /// Draws a key, or gives `nil` if libcrypto has no randomness.
    init?() {
        guard let name = Self.random(Self.nameBytes), let cipherKey = Self.random(32), let macKey = Self.random(32)
        else {
            return nil
        }
        self.name = name
        self.cipherKey = Secret(cipherKey)
        self.macKey = Secret(macKey)
    }

    private static func random(_ byteCount: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        guard unsafe RAND_priv_bytes(&bytes, Int32(byteCount)) == 1 else { return nil }
        return bytes
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A range of addresses with a common prefix: `10.0.0.0/8`, or one address alone (RFC 4632 §3.1).
package struct AddressBlock: Hashable, Sendable {
    /// The lowest address: everything behind the prefix is zero.
    package let address: IPAddress
    /// How many leading bits count: up to 32 or up to 128.
    package let prefixLength: Int

    /// Creates the block that `address` lies in; `prefixLength` is at most the number of its bits, 32 or 128.
    package init(containing address: IPAddress, prefixLength: Int) {
        self.address = address.keeping(bits: prefixLength)
        self.prefixLength = prefixLength
    }

    /// Reads a block; bits behind the prefix are cleared.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let first = parts.first, let address = IPAddress(first) else { return nil }
        var width = 128
        // In ::ffff:10.0.0.0/104 the first 96 bits are the mapping (RFC 4291 §2.5.5.2), not part of the IPv4 prefix.
        var mappedBits = 0
        if case .version4 = address {
            width = 32
            mappedBits = first.utf8.contains(UInt8(ascii: ":")) ? 96 : 0
        }
        var length = width
        if parts.count == 2 {
            let digits = parts[1].utf8
            guard (1...3).contains(digits.count), digits.allSatisfy({ 0x30...0x39 ~= $0 }), let number = Int(parts[1])
            else {
                return nil
            }
            length = number - mappedBits
        }
        guard (0...width).contains(length) else { return nil }
        self.init(containing: address, prefixLength: length)
    }

    /// Returns whether `address` lies in the block.
    package func contains(_ address: IPAddress) -> Bool {
        switch (self.address, address) {
        case (.version4, .version4), (.version6, .version6): address.keeping(bits: prefixLength) == self.address
        case (.version4, .version6), (.version6, .version4): false
        }
    }
}

extension AddressBlock: CustomStringConvertible {
    /// The lowest address and the length of the prefix: `192.0.2.0/24`.
    package var description: String { "\(address)/\(prefixLength)" }
}

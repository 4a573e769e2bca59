// SPDX-License-Identifier: Apache-2.0

package import LanyardHTTP

/// A range of addresses with a common prefix: `10.0.0.0/8`, or one address alone (RFC 4632 §3.1).
package struct AddressBlock: Hashable, Sendable {
    /// The lowest address: everything behind the prefix is zero.
    package let address: IPAddress
    /// How many leading bits count: up to 32 or up to 128.
    package let prefixLength: Int

    /// Reads a block; bits behind the prefix are cleared.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let first = parts.first, !first.utf8.contains(0), let address = IPAddress(first) else { return nil }
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
            guard (1...3).contains(digits.count), digits.allSatisfy(\.isDigit), let number = Int(parts[1]) else {
                return nil
            }
            length = number - mappedBits
        }
        guard (0...width).contains(length) else { return nil }
        self.address = address.keeping(bits: length)
        prefixLength = length
    }

    /// Returns whether `address` lies in the block.
    package func contains(_ address: IPAddress) -> Bool {
        switch (self.address, address) {
        case (.version4, .version4), (.version6, .version6): address.keeping(bits: prefixLength) == self.address
        case (.version4, .version6), (.version6, .version4): false
        }
    }
}

extension IPAddress {
    /// The address with all but the first `count` bits cleared.
    fileprivate func keeping(bits count: Int) -> IPAddress {
        switch self {
        case .version4(let bits):
            .version4(bits & ~(UInt32.max >> UInt32(count)))
        case .version6(let high, let low):
            .version6(
                high: high & ~(UInt64.max >> UInt64(min(count, 64))),
                low: low & ~(UInt64.max >> UInt64(max(0, count - 64))))
        }
    }
}

extension SettingKind<AddressBlock> {
    /// A block of addresses.
    package static let addressBlock = Self("an address block such as 10.0.0.0/8 or 2001:db8::/32") { AddressBlock($0) }
}

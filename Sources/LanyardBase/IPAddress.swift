// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// An address of the internet protocol, without port and zone.
package enum IPAddress: Hashable, Sendable {
    /// Version 4, its first octet in the highest byte.
    case version4(UInt32)
    /// Version 6, its first octet in the highest byte of `high`; never an IPv4-mapped one.
    case version6(high: UInt64, low: UInt64)

    /// Creates an address from dotted decimal, or from the text of RFC 4291 §2.2 without brackets.
    ///
    /// An IPv4-mapped address (RFC 4291 §2.5.5.2) becomes the IPv4 address in it.
    package init?(_ text: String) {
        // The system's functions would read as far as the NUL.
        guard !text.utf8.contains(0) else { return nil }
        var short = in_addr()
        if unsafe inet_pton(AF_INET, text, &short) == 1 {
            self = .version4(UInt32(bigEndian: short.s_addr))
            return
        }
        var long = in6_addr()
        guard unsafe inet_pton(AF_INET6, text, &long) == 1 else { return nil }
        let (high, low) = unsafe withUnsafeBytes(of: &long) { octets in
            unsafe (octets.load(as: UInt64.self), octets.load(fromByteOffset: 8, as: UInt64.self))
        }
        self.init(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
    }

    /// Creates an address from the 128 bits of version 6; an IPv4-mapped one becomes version 4.
    package init(high: UInt64, low: UInt64) {
        self =
            high == 0 && low >> 32 == 0xFFFF
            ? .version4(UInt32(truncatingIfNeeded: low)) : .version6(high: high, low: low)
    }

    /// The address of everything on this host's network card: the wildcard that a server binds.
    package var isWildcard: Bool {
        self == .version4(0) || self == .version6(high: 0, low: 0)
    }

    /// Whether the address never leaves this host (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3).
    package var isLoopback: Bool {
        switch self {
        case .version4(let bits): bits >> 24 == 127
        case .version6(let high, let low): high == 0 && low == 1
        }
    }

    /// What one subscriber usually has: the address itself, or the /64 that it lies in.
    package var subscriber: IPAddress {
        guard case .version6 = self else { return self }
        return keeping(bits: 64)
    }

    /// Returns the address with all but the first `count` bits cleared, `count` being at most 32 or 128.
    func keeping(bits count: Int) -> IPAddress {
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

extension IPAddress: CustomStringConvertible {
    /// Dotted decimal, or the text of RFC 5952.
    package var description: String {
        switch self {
        case .version4(let bits):
            return Self.text(of: bits)
        case .version6(let high, let low):
            var octets = (high.bigEndian, low.bigEndian)
            return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
                let written = unsafe inet_ntop(AF_INET6, &octets, text.baseAddress, socklen_t(INET6_ADDRSTRLEN))
                return unsafe written.map { unsafe String(cString: $0) } ?? ""
            }
        }
    }

    /// Every request carries this, so it is made without the cost of interpolation; 15 bytes need no allocation.
    private static func text(of bits: UInt32) -> String {
        unsafe String(unsafeUninitializedCapacity: 15) { text in
            var count = 0
            for shift: UInt32 in [24, 16, 8, 0] {
                let octet = UInt8(truncatingIfNeeded: bits >> shift)
                if count > 0 { unsafe append(UInt8(ascii: "."), to: text, &count) }
                if octet >= 100 { unsafe append(0x30 + octet / 100, to: text, &count) }
                if octet >= 10 { unsafe append(0x30 + octet / 10 % 10, to: text, &count) }
                unsafe append(0x30 + octet % 10, to: text, &count)
            }
            return count
        }
    }

    private static func append(_ byte: UInt8, to text: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int) {
        unsafe text[count] = byte
        count += 1
    }
}

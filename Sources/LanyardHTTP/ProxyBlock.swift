// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// Version 2 of the PROXY header (§2.2): a signature, what the connection is, a length, and so many bytes.
enum ProxyBlock {
    /// The most bytes of a block that is read: a sender has to get it into one segment (§2.2), which is far less.
    static let maximumBytes = fixedBytes + 4_096

    private static let fixedBytes = 16
    private static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]

    /// Reads the block that `bytes` begin with.
    static func read(_ bytes: Span<UInt8>) throws(ProxyHeader.Stop) -> ProxyHeader.Reading {
        for (offset, expected) in signature.enumerated() {
            guard try byte(at: offset, of: bytes) == expected else { throw .malformed }
        }
        let kind = try kind(of: bytes)
        guard bytes.count >= fixedBytes else { throw .needMore }
        let end = fixedBytes + Int(number(at: 14, ofBytes: 2, in: bytes))
        guard end <= maximumBytes, end >= fixedBytes + kind.addressBytes else { throw .malformed }
        guard end <= bytes.count else { throw .needMore }
        return .header(source: try source(kind, in: bytes.extracting(first: end)), length: end)
    }

    /// What there is to learn from a block.
    private enum Kind {
        /// Nothing: it is skipped whole.
        case nothing
        case version4, version6, local

        /// The bytes of both addresses and ports.
        var addressBytes: Int {
            switch self {
            case .nothing: 0
            case .version4: 12
            case .version6: 36
            case .local: 216
            }
        }
    }

    private static func kind(of bytes: Span<UInt8>) throws(ProxyHeader.Stop) -> Kind {
        switch try byte(at: 12, of: bytes) {
        case 0x20:
            // LOCAL, the proxy's own connection: the family is not even looked at.
            return .nothing
        case 0x21:
            break
        default:
            throw .malformed
        }
        // A client that came by datagrams (HTTP/3) has an address of the same layout.
        switch try byte(at: 13, of: bytes) {
        case 0x00: return .nothing
        case 0x11, 0x12: return .version4
        case 0x21, 0x22: return .version6
        case 0x31, 0x32: return .local
        default: throw .malformed
        }
    }

    private static func source(_ kind: Kind, in block: Span<UInt8>) throws(ProxyHeader.Stop) -> PeerAddress? {
        guard kind != .nothing else { return nil }
        try checkVectors(of: block, from: fixedBytes + kind.addressBytes)
        switch kind {
        case .nothing:
            return nil
        case .version4:
            return .ip(.version4(UInt32(truncatingIfNeeded: number(at: 16, ofBytes: 4, in: block))))
        case .version6:
            let high = number(at: 16, ofBytes: 8, in: block)
            return .ip(IPAddress(high: high, low: number(at: 24, ofBytes: 8, in: block)))
        case .local:
            return .local
        }
    }

    /// Walks over the type-length-value vectors behind the addresses, which end where the block does.
    ///
    /// Of their contents the checksum alone matters here: load balancers that send one mean it to be checked, and a header that
    /// was damaged in their memory names a wrong client, which no checksum of TCP would show.
    private static func checkVectors(of block: Span<UInt8>, from start: Int) throws(ProxyHeader.Stop) {
        var index = start
        var checksumAt: Int?
        while index < block.count {
            guard block.count - index >= 3 else { throw .malformed }
            let length = Int(number(at: index + 1, ofBytes: 2, in: block))
            let value = index + 3
            guard block.count - value >= length else { throw .malformed }
            if block[index] == checksumType {
                guard length == 4, checksumAt == nil else { throw .malformed }
                checksumAt = value
            }
            index = value + length
        }
        guard let checksumAt else { return }
        var checksum = CRC32C()
        for offset in block.indices {
            checksum.update((checksumAt..<checksumAt + 4).contains(offset) ? 0 : block[offset])
        }
        guard number(at: checksumAt, ofBytes: 4, in: block) == UInt64(checksum.value) else { throw .malformed }
    }

    private static func byte(at offset: Int, of bytes: Span<UInt8>) throws(ProxyHeader.Stop) -> UInt8 {
        guard offset < bytes.count else { throw .needMore }
        return bytes[offset]
    }

    /// Returns up to 8 bytes as a number, the highest byte first.
    private static func number(at offset: Int, ofBytes count: Int, in bytes: Span<UInt8>) -> UInt64 {
        (offset..<offset + count).reduce(0) { $0 << 8 | UInt64(bytes[$1]) }
    }

    /// `PP2_TYPE_CRC32C` (§2.2.3).
    private static let checksumType: UInt8 = 0x03
}

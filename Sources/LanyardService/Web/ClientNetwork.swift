// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The network that an address belongs to, coarse enough to say where a session came from: /24, or /48 for IPv6.
struct ClientNetwork: Equatable, CustomStringConvertible {
    let description: String

    /// Finds the network of a numeric address; `nil` for what is none, such as a socket file.
    ///
    /// An IPv4-mapped IPv6 address counts as IPv4.
    init?(_ address: String) {
        var v4 = in_addr()
        let plain = address.hasPrefix("::ffff:") ? String(address.dropFirst(7)) : address
        if unsafe inet_pton(AF_INET, plain, &v4) == 1 {
            let host = UInt32(bigEndian: v4.s_addr)
            description = "\(host >> 24).\(host >> 16 & 0xFF).\(host >> 8 & 0xFF).0/24"
            return
        }
        var v6 = in6_addr()
        guard unsafe inet_pton(AF_INET6, address, &v6) == 1 else { return nil }
        var bytes = unsafe withUnsafeBytes(of: &v6) { unsafe Array($0) }
        for index in 6..<16 { bytes[index] = 0 }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard unsafe inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count)) != nil else { return nil }
        description = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) + "/48"
    }
}

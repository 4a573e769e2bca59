// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The ports that the program takes when nobody says otherwise: 8080, and 8081 for management.
enum DefaultPorts {
    /// Whether nobody listens on them, asked once.
    static let areFree = [8_080, 8_081].allSatisfy { port in
        (try? RawConnection(port: UInt16(port))) == nil
    }

    /// Whether this machine has the loopback address of IPv6.
    static let hasIPv6: Bool = {
        let descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_addr = in6addr_loopback
        let size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(descriptor, $0, size) }
        } == 0
    }()
}

// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import LanyardBase

// The layouts are those of ip(7), ipv6(7) and unix(7): the family in the first two bytes of each.

extension PeerAddress {
    /// Creates the address that `accept` filled in.
    init(_ storage: sockaddr_storage) {
        self = IPAddress.parts(of: storage).map { .ip($0.0) } ?? .local
    }
}

extension BoundAddress {
    /// Creates the address that `getsockname` filled in; `nil` if it is of no family of ours.
    init?(_ storage: sockaddr_storage, length: Int) {
        if let (address, port) = IPAddress.parts(of: storage) {
            self = .ip(address, port: port)
            return
        }
        guard Int32(storage.ss_family) == AF_UNIX else { return nil }
        let path: [UInt8] = unsafe withUnsafeBytes(of: storage) { unsafe Array($0[2..<max(2, min(length, 110))]) }
        // An abstract address begins with a NUL (unix(7)), which is written as @; a path ends with one.
        let isAbstract = path.first == 0
        let name = isAbstract ? path[1...] : path.prefix { $0 != 0 }
        self = .unix(path: (isAbstract ? "@" : "") + String(decoding: name, as: UTF8.self))
    }

    /// The address family, for `socket`.
    var family: Int32 {
        switch self {
        case .ip(.version4, _): AF_INET
        case .ip(.version6, _): AF_INET6
        case .unix: AF_UNIX
        }
    }

    /// Calls `body` with the address in the system's form.
    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        let length = unsafe withUnsafeMutableBytes(of: &storage) { unsafe write(to: $0) }
        return unsafe withUnsafePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }

    private func write(to bytes: UnsafeMutableRawBufferPointer) -> socklen_t {
        unsafe bytes.storeBytes(of: sa_family_t(family), as: sa_family_t.self)
        switch self {
        case .ip(.version4(let bits), let port):
            unsafe bytes.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
            unsafe bytes.storeBytes(of: bits.bigEndian, toByteOffset: 4, as: UInt32.self)
            return socklen_t(MemoryLayout<sockaddr_in>.size)
        case .ip(.version6(let high, let low), let port):
            unsafe bytes.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
            unsafe bytes.storeBytes(of: high.bigEndian, toByteOffset: 8, as: UInt64.self)
            unsafe bytes.storeBytes(of: low.bigEndian, toByteOffset: 16, as: UInt64.self)
            return socklen_t(MemoryLayout<sockaddr_in6>.size)
        case .unix(let path):
            // ListenAddress has checked the length; the storage is zero, so a NUL follows.
            unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[2..<109]).copyBytes(from: path.utf8.prefix(107))
            return socklen_t(2 + path.utf8.count + 1)
        }
    }
}

extension IPAddress {
    /// Returns the address and port in `storage`, or `nil` if it is of no internet family.
    static func parts(of storage: sockaddr_storage) -> (IPAddress, port: UInt16)? {
        let family = Int32(storage.ss_family)
        return unsafe withUnsafeBytes(of: storage) { bytes in
            let port = unsafe UInt16(bigEndian: bytes.load(fromByteOffset: 2, as: UInt16.self))
            switch family {
            case AF_INET:
                let bits = unsafe bytes.load(fromByteOffset: 4, as: UInt32.self)
                return (.version4(UInt32(bigEndian: bits)), port)
            case AF_INET6:
                let high = unsafe bytes.load(fromByteOffset: 8, as: UInt64.self)
                let low = unsafe bytes.load(fromByteOffset: 16, as: UInt64.self)
                return (IPAddress(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low)), port)
            default:
                return nil
            }
        }
    }
}

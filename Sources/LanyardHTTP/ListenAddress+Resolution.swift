// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import LanyardBase

extension ListenAddress {
    /// Returns every endpoint that the address stands for, at least one.
    ///
    /// `localhost` is both loopback addresses whatever the system's files say (RFC 6761 §6.3); other names are
    /// looked up, which can take as long as the resolver likes.
    func endpoints() throws(ServerError) -> [BoundAddress] {
        switch self {
        case .unix(let path):
            return [.unix(path: path)]
        case .tcp(.address(let address), let port):
            return [.ip(address, port: port)]
        case .tcp(.name("localhost"), let port):
            return [.ip(.version4(0x7F00_0001), port: port), .ip(.version6(high: 0, low: 1), port: port)]
        case .tcp(.name(let name), let port):
            return try Self.addresses(of: name).map { .ip($0, port: port) }
        }
    }

    private static func addresses(of name: String) throws(ServerError) -> [IPAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(name, nil, &hints, &list) == 0 else { throw .unknownHost(name) }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [IPAddress] = []
        var item = unsafe list
        while let entry = unsafe item {
            if let address = unsafe IPAddress.parts(of: entry.pointee), !addresses.contains(address) {
                addresses.append(address)
            }
            unsafe item = entry.pointee.ai_next
        }
        guard !addresses.isEmpty else { throw .unknownHost(name) }
        return addresses
    }
}

extension IPAddress {
    fileprivate static func parts(of entry: addrinfo) -> IPAddress? {
        guard let address = unsafe entry.ai_addr else { return nil }
        var storage = sockaddr_storage()
        let length = min(Int(unsafe entry.ai_addrlen), MemoryLayout<sockaddr_storage>.size)
        unsafe withUnsafeMutableBytes(of: &storage) {
            unsafe $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: length))
        }
        return parts(of: storage)?.0
    }
}

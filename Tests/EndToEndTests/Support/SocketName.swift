// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Where a socket is, or is to be.
enum SocketName: Sendable {
    /// An address of 127.0.0.0/8, all of which are this machine, by its last byte.
    case loopback(port: UInt16, host: UInt8 = 1)
    /// A socket file.
    case file(String)

    /// Opens a socket that can have such a name.
    func openSocket() throws -> Int32 {
        let family =
            switch self {
            case .loopback: AF_INET
            case .file: AF_UNIX
            }
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure("no socket: error \(errno)") }
        return descriptor
    }

    /// Connects a socket to the name.
    func connect(_ descriptor: Int32) throws {
        guard unsafe withAddress({ unsafe Glibc.connect(descriptor, $0, $1) }) == 0 else {
            throw Failure("cannot connect to \(self): error \(errno)")
        }
    }

    /// Gives a socket the name.
    func bind(_ descriptor: Int32) throws {
        guard unsafe withAddress({ unsafe Glibc.bind(descriptor, $0, $1) }) == 0 else {
            throw Failure("cannot bind \(self): error \(errno)")
        }
    }

    private func withAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        switch self {
        case .loopback(let port, let host):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = (UInt32(0x7F00_0000) | UInt32(host)).bigEndian
            return unsafe Self.lend(&address, body)
        case .file(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8.prefix(107)) }
            return unsafe Self.lend(&address, body)
        }
    }

    private static func lend<Address>(
        _ address: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }
}

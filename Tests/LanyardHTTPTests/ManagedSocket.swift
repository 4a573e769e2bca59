// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A socket that stays with the test while servers come and go, as it would stay with a service manager.
final class ManagedSocket: Sendable {
    let descriptor: Int32

    /// Opens a socket; nothing is bound yet.
    init(_ family: Int32, _ type: __socket_type = SOCK_STREAM) throws {
        descriptor = socket(family, Int32(type.rawValue), 0)
        try Self.require(descriptor >= 0)
    }

    deinit { close(descriptor) }

    /// A socket that listens on a free port of a loopback address.
    static func listening(_ family: Int32) throws -> ManagedSocket {
        let socket = try ManagedSocket(family)
        try socket.bind()
        try require(listen(socket.descriptor, 128) == 0)
        return socket
    }

    /// A socket that listens on a file, or, behind `@`, on an abstract name.
    static func listening(at path: String, _ type: __socket_type = SOCK_STREAM) throws -> ManagedSocket {
        let socket = try ManagedSocket(AF_UNIX, type)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = path.hasPrefix("@") ? [0] + path.utf8.dropFirst() : Array(path.utf8)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
        let length = socklen_t(2 + name.count + (path.hasPrefix("@") ? 0 : 1))
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.bind(socket.descriptor, $0, length)
            }
        }
        try require(result == 0)
        try require(listen(socket.descriptor, 128) == 0)
        return socket
    }

    /// Binds to a free port of the loopback address of the socket's family.
    func bind() throws {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        try unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                // An unbound socket has the wildcard of its family and port 0.
                try Self.require(unsafe getsockname(descriptor, $0, &length) == 0)
            }
            if Int32(unsafe pointer.pointee.ss_family) == AF_INET {
                unsafe pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    unsafe $0.pointee.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
                }
            } else {
                unsafe pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                    unsafe $0.pointee.sin6_addr = in6addr_loopback
                }
            }
            try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try Self.require(unsafe Glibc.bind(descriptor, $0, length) == 0)
            }
        }
    }

    /// Another descriptor for the same socket, as a process inherits it.
    func passed() throws -> Int32 {
        let copy = dup(descriptor)
        try Self.require(copy >= 0)
        return copy
    }

    private static func require(_ isDone: Bool) throws {
        guard isDone else { throw SystemError(code: errno) }
    }

    struct SystemError: Error {
        let code: Int32
    }
}

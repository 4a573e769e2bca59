// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A socket that listens in the test, for programs that inherit it; it stays when they end.
final class ListeningSocket: Sendable {
    let descriptor: Int32

    /// Listens.
    init(at name: SocketName) throws {
        descriptor = try name.openSocket()
        try name.bind(descriptor)
        guard listen(descriptor, 4_096) == 0 else { throw Failure("cannot listen on \(name): error \(errno)") }
    }

    /// Listens on a free port.
    convenience init() throws {
        try self.init(at: .loopback(port: 0))
    }

    deinit {
        close(descriptor)
    }

    /// The port that the system chose.
    var port: UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        precondition(result == 0 && Int32(address.sin_family) == AF_INET, "a bound socket with a port")
        return UInt16(bigEndian: address.sin_port)
    }
}

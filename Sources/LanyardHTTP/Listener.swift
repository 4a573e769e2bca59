// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import LanyardBase

/// A socket that is listened on; a socket file that was made for it goes with it.
package final class Listener: Sendable {
    /// Where it listens, with the port that it got.
    package let endpoint: BoundAddress
    /// The socket.
    let socket: Socket
    /// The most connections that wait to be accepted; the system caps it at `net.core.somaxconn`.
    static let backlog: Int32 = 65_535
    /// Whether several loops accept from it.
    let isShared: Bool
    private let file: SocketFile?

    private init(_ socket: consuming Socket, at endpoint: BoundAddress, isShared: Bool, file: SocketFile? = nil) {
        self.socket = socket
        self.endpoint = endpoint
        self.isShared = isShared
        self.file = file
    }

    deinit { file?.remove() }

    /// Lets nobody begin to connect any more; who has begun still comes in.
    ///
    /// Closing resets whoever comes between the last accept and the close, so a while before it nobody may come. A socket that
    /// was inherited stays as it is, for the next process.
    func shutDoor() {
        if let file {
            file.remove()
        } else if !isShared {
            socket.dropConnectionRequests()
        }
    }

    /// Listens on `endpoint`, which nobody may listen on yet.
    ///
    /// - Parameters:
    ///   - endpoint: Where to listen; port 0 takes a free one.
    ///   - isDualStack: Whether the IPv6 wildcard takes IPv4 connections too.
    /// - Returns: The listener, with the port that it got.
    /// - Throws: ``ServerError``.
    static func first(at endpoint: BoundAddress, isDualStack: Bool) throws(ServerError) -> Listener {
        if case .unix(let path) = endpoint {
            try SocketFile.removeStale(at: path)
        }
        let socket = try open(endpoint)
        try socket.prepare(for: endpoint, isDualStack: isDualStack)
        // Bound without SO_REUSEPORT, the address is ours or an error.
        try socket.bind(to: endpoint)
        let bound = socket.boundEndpoint() ?? endpoint
        var file: SocketFile?
        switch bound {
        case .unix(let path): file = try SocketFile(boundAt: path)
        case .ip: try socket.set(SOL_SOCKET, SO_REUSEPORT, to: 1, for: bound)
        }
        try socket.listen(at: bound)
        return Listener(socket, at: bound, isShared: file != nil, file: file)
    }

    /// Listens once more where this one does, so that the system spreads connections over both.
    func sibling(isDualStack: Bool) throws(ServerError) -> Listener {
        let socket = try Self.open(endpoint)
        try socket.prepare(for: endpoint, isDualStack: isDualStack)
        try socket.set(SOL_SOCKET, SO_REUSEPORT, to: 1, for: endpoint)
        try socket.bind(to: endpoint)
        try socket.listen(at: endpoint)
        return Listener(socket, at: endpoint, isShared: false)
    }

    /// Takes over a socket that somebody else, such as the service manager, has bound and listens on.
    ///
    /// All loops accept from it, since the system spreads connections over sockets of one's own making only. Its file, if it
    /// has one, stays: whoever made it hands it to the next process.
    ///
    /// - Parameter number: A descriptor that nobody else will close.
    /// - Returns: The listener, which is not inherited any further.
    /// - Throws: ``ServerError/notAListener(descriptor:)``.
    package static func inherited(takingOwnershipOf number: Int32) throws(ServerError) -> Listener {
        let socket = Socket(takingOwnershipOf: Descriptor(takingOwnershipOf: number))
        guard socket.option(SO_TYPE) == Int32(SOCK_STREAM.rawValue), socket.option(SO_ACCEPTCONN) == 1,
            let endpoint = socket.boundEndpoint(), socket.takeForThisProcess()
        else { throw .notAListener(descriptor: number) }
        // A socket file has no use for it, and says so.
        try? socket.set(Int32(IPPROTO_TCP), TCP_NODELAY, to: 1, for: endpoint)
        return Listener(socket, at: endpoint, isShared: true)
    }

    private static func open(_ endpoint: BoundAddress) throws(ServerError) -> Socket {
        guard let socket = Socket(family: endpoint.family) else { throw .cannotListen(endpoint, errno: errno) }
        return socket
    }
}

extension Socket {
    fileprivate func prepare(for endpoint: BoundAddress, isDualStack: Bool) throws(ServerError) {
        switch endpoint {
        case .unix:
            // The file gets this mode, less the umask, at the moment it appears (unix(7)); SocketFile restores the rest.
            guard fchmod(descriptor.number, SocketFile.mode) == 0 else { throw .cannotListen(endpoint, errno: errno) }
        case .ip(let address, _):
            // Connections of a server before this one may still be in TIME_WAIT.
            try set(SOL_SOCKET, SO_REUSEADDR, to: 1, for: endpoint)
            // Inherited by what is accepted; each answer leaves in one write, so there is nothing to wait for.
            try set(Int32(IPPROTO_TCP), TCP_NODELAY, to: 1, for: endpoint)
            if case .version6 = address {
                try set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: isDualStack ? 0 : 1, for: endpoint)
            }
        }
    }

    fileprivate func set(
        _ level: Int32, _ option: Int32, to value: Int32, for endpoint: BoundAddress
    ) throws(ServerError) {
        var value = value
        let result = unsafe setsockopt(
            descriptor.number, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
        guard result == 0 else { throw .cannotListen(endpoint, errno: errno) }
    }

    fileprivate func bind(to endpoint: BoundAddress) throws(ServerError) {
        let result = unsafe endpoint.withSocketAddress { unsafe Glibc.bind(descriptor.number, $0, $1) }
        guard result != 0 else { return }
        throw errno == EADDRINUSE ? .addressInUse(endpoint) : .cannotListen(endpoint, errno: errno)
    }

    fileprivate func listen(at endpoint: BoundAddress) throws(ServerError) {
        guard Glibc.listen(descriptor.number, Listener.backlog) != 0 else { return }
        throw errno == EADDRINUSE ? .addressInUse(endpoint) : .cannotListen(endpoint, errno: errno)
    }

    /// Where the socket is bound, or `nil` for a family of addresses that is none of ours.
    fileprivate func boundEndpoint() -> BoundAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor.number, $0, &length)
            }
        }
        return result == 0 ? BoundAddress(storage, length: Int(length)) : nil
    }

    /// The value of an option of the socket itself; `nil` for what is no socket.
    fileprivate func option(_ option: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        let result = unsafe getsockopt(descriptor.number, SOL_SOCKET, option, &value, &length)
        return result == 0 ? value : nil
    }

    /// Makes the socket non-blocking, and closed in programs that this one starts; says whether that was done.
    fileprivate func takeForThisProcess() -> Bool {
        let flags = fcntl(descriptor.number, F_GETFL)
        return flags >= 0 && fcntl(descriptor.number, F_SETFL, flags | O_NONBLOCK) == 0
            && fcntl(descriptor.number, F_SETFD, FD_CLOEXEC) == 0
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Dispatch
internal import Glibc
internal import LanyardBase

/// One address that a name stands for, as the system's resolver gives it, or a socket file.
struct ResolvedAddress: Sendable {
    let family: Int32
    /// The bytes of a `sockaddr_in`, `sockaddr_in6` or `sockaddr_un`.
    private let bytes: [UInt8]

    private init(family: Int32, bytes: [UInt8]) {
        self.family = family
        self.bytes = bytes
    }

    /// Creates the address of a socket file.
    init(socketFile path: String) throws(ClientError) {
        // sun_path has 108 bytes, the last of which is NUL (unix(7)).
        guard path.utf8.count <= 107 else { throw .unreachable(code: ENAMETOOLONG) }
        let address = BoundAddress.unix(path: path)
        family = address.family
        bytes = unsafe address.withSocketAddress { unsafe Array(UnsafeRawBufferPointer(start: $0, count: Int($1))) }
    }

    /// Returns all addresses of `host`, a name or an address, in the order of preference.
    ///
    /// The resolver knows no deadline, so it works on a queue of its own, and is left to itself when it takes too long.
    static func all(
        of host: String, port: UInt16, before deadline: ClientDeadline
    ) throws(ClientError) -> [ResolvedAddress] {
        let lookup = Lookup()
        DispatchQueue.global().async { lookup.finish(with: lookUp(host, port)) }
        guard let addresses = lookup.wait(milliseconds: Int(deadline.pollMilliseconds)) else { throw .timedOut }
        guard !addresses.isEmpty else { throw .unknownHost }
        return addresses
    }

    /// Calls `body` with the address as the C library takes it.
    func withSocketAddress(_ body: (UnsafePointer<sockaddr>?, socklen_t) -> Int32) -> Int32 {
        unsafe bytes.withUnsafeBytes { raw in
            unsafe body(raw.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
        }
    }

    /// The C function is `getaddrinfo`.
    private static func lookUp(_ host: String, _ port: UInt16) -> [ResolvedAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, String(port), &hints, &list) == 0 else { return [] }
        defer { unsafe freeaddrinfo(list) }
        var result: [ResolvedAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            let raw = unsafe UnsafeRawBufferPointer(start: entry.pointee.ai_addr, count: Int(entry.pointee.ai_addrlen))
            unsafe result.append(ResolvedAddress(family: entry.pointee.ai_family, bytes: Array(raw)))
            unsafe next = entry.pointee.ai_next
        }
        return result
    }
}

/// The result of a call on another queue, for which one thread waits.
private final class Lookup: Sendable {
    private let result = Guarded<[ResolvedAddress]?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    func finish(with addresses: [ResolvedAddress]) {
        result.withLock { $0 = addresses }
        isDone.signal()
    }

    /// Returns the result, or `nil` if there is none in time.
    func wait(milliseconds: Int) -> [ResolvedAddress]? {
        guard isDone.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else { return nil }
        return result.withLock { $0 }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import LanyardBase

/// A server of one connection on a loopback address, which answers with given bytes whatever is asked.
@safe final class ClientTestServer: Sendable {
    enum Manner {
        /// All pieces at once, then close.
        case close
        /// The same byte by byte, in segments of their own as far as the system lets.
        case closeSlowly
        /// All pieces, then nothing, until the client closes.
        case hold
        /// The pieces over and over, with pauses, until the client closes.
        case drip
    }

    struct Failure: Error { let code: Int32 }

    let port: UInt16
    private let listener: Int32
    private let request = Guarded<[UInt8]>([])
    private let isDone = DispatchSemaphore(value: 0)

    init(answering answer: [UInt8], _ manner: Manner = .close, ipv6: Bool = false) throws {
        listener = socket(ipv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { throw Failure(code: errno) }
        port = try Self.bind(listener, ipv6: ipv6)
        let listener = listener
        DispatchQueue(label: "client-test-server").async { [self] in
            defer { isDone.signal() }
            guard Self.wait(listener, POLLIN) else { return }
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { return }
            defer { close(connection) }
            let received = Self.readHead(connection)
            request.withLock { $0 = received }
            Self.serve(connection, answer, manner)
        }
    }

    deinit { close(listener) }

    /// The bytes that the client sent, once the exchange is over.
    func received() -> String {
        _ = isDone.wait(timeout: .now() + .seconds(10))
        return String(decoding: request.withLock { $0 }, as: UTF8.self)
    }

    /// A port of 127.0.0.1 that nobody listens on: one that was free a moment ago.
    static func closedPort() throws -> UInt16 {
        let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard probe >= 0 else { throw Failure(code: errno) }
        defer { close(probe) }
        return try bind(probe, ipv6: false)
    }

    /// Whether this machine has the address ::1.
    static var hasIPv6: Bool {
        let probe = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        guard probe >= 0 else { return false }
        defer { close(probe) }
        return (try? bind(probe, ipv6: true)) != nil
    }

    static func bind(_ descriptor: Int32, ipv6: Bool) throws -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(ipv6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
        return try unsafe withUnsafeMutableBytes(of: &storage) { raw in
            guard let base = raw.baseAddress else { throw Failure(code: EINVAL) }
            if ipv6 {
                unsafe base.assumingMemoryBound(to: sockaddr_in6.self).pointee.sin6_family = sa_family_t(AF_INET6)
                unsafe base.assumingMemoryBound(to: sockaddr_in6.self).pointee.sin6_addr = in6addr_loopback
            } else {
                unsafe base.assumingMemoryBound(to: sockaddr_in.self).pointee.sin_family = sa_family_t(AF_INET)
                unsafe base.assumingMemoryBound(to: sockaddr_in.self).pointee.sin_addr.s_addr =
                    UInt32(0x7F00_0001).bigEndian
            }
            let address = unsafe base.assumingMemoryBound(to: sockaddr.self)
            guard unsafe Glibc.bind(descriptor, address, length) == 0, listen(descriptor, 8) == 0,
                unsafe getsockname(descriptor, address, &length) == 0
            else { throw Failure(code: errno) }
            return unsafe UInt16(bigEndian: base.assumingMemoryBound(to: sockaddr_in.self).pointee.sin_port)
        }
    }

    static func wait(_ descriptor: Int32, _ events: Int32, milliseconds: Int32 = 10_000) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        return unsafe poll(&entry, 1, milliseconds) > 0
    }

    private static func readHead(_ connection: Int32) -> [UInt8] {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8), wait(connection, POLLIN) {
            var byte: UInt8 = 0
            guard unsafe recv(connection, &byte, 1, 0) == 1 else { break }
            head.append(byte)
        }
        return head
    }

    private static func serve(_ connection: Int32, _ answer: [UInt8], _ manner: Manner) {
        switch manner {
        case .close:
            _ = send(connection, answer)
        case .closeSlowly:
            var on: Int32 = 1
            _ = unsafe setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
            for byte in answer { _ = send(connection, [byte]) }
        case .hold:
            _ = send(connection, answer)
            _ = wait(connection, POLLIN)
        case .drip:
            for _ in 0..<1_000 {
                // The client closes when it has had enough; that is what ends this.
                guard send(connection, answer), !wait(connection, POLLIN, milliseconds: 10) else { return }
            }
        }
    }

    static func send(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let rest = Array(bytes[sent...])
            let count = unsafe Glibc.send(connection, rest, rest.count, Int32(MSG_NOSIGNAL))
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}

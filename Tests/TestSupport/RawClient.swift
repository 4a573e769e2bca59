// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LanyardBase
package import LanyardHTTP

/// A client that sends bytes as they are and gives up on every wait after ``patience``.
package final class RawClient {
    /// What went wrong on the client's side.
    package enum Failure: Error, Equatable {
        case cannotConnect(errno: Int32)
        case tooLate
        case reset
        case broken(errno: Int32)
        case endedEarly(after: [UInt8])
        case notAnAnswer([UInt8])
    }

    /// How long a read or write may wait, in milliseconds.
    package static let patience: Int32 = 20_000

    private var descriptor: Int32
    private var address: sockaddr_storage
    private let length: socklen_t
    private var unread: [UInt8] = []

    /// Connects.
    ///
    /// - Parameters:
    ///   - address: Where the server listens.
    ///   - receiveBuffer: The size of the receive buffer, in bytes; the system doubles it and has a least one.
    /// - Throws: ``Failure/cannotConnect(errno:)``.
    package convenience init(to address: BoundAddress, receiveBuffer: Int32? = nil) throws {
        try self.init(unconnectedTo: address, receiveBuffer: receiveBuffer)
        try connect()
    }

    /// Takes a descriptor, and leaves connecting to ``connect()``.
    package init(unconnectedTo address: BoundAddress, receiveBuffer: Int32? = nil) throws {
        let family: Int32
        (family, self.address, length) = Self.socketAddress(of: address)
        descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure.cannotConnect(errno: errno) }
        // Each write leaves at once, so that a test decides what comes together; a socket file has nothing to set.
        var noDelay: Int32 = 1
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &noDelay, socklen_t(MemoryLayout<Int32>.size))
        guard var size = receiveBuffer else { return }
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Connects what is not connected yet.
    package func connect() throws {
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, length)
            }
        }
        guard result == 0 else { throw Failure.cannotConnect(errno: errno) }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    deinit { close() }

    /// Sends all of `text`.
    package func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    /// Sends all of `bytes`.
    package func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try sendSome(rest)
            if count == 0 { try wait(for: Int16(POLLOUT)) }
            rest = rest.dropFirst(count)
        }
    }

    /// Sends as much of `bytes` as the system takes now, and returns how many bytes that were.
    package func sendSome(_ bytes: ArraySlice<UInt8>) throws -> Int {
        let count = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count < 0 else { return count }
        guard errno == EAGAIN else {
            throw errno == ECONNRESET || errno == EPIPE ? Failure.reset : Failure.broken(errno: errno)
        }
        return 0
    }

    /// Sends `text` again and again until the server says something, and returns how many times; 500 at the most.
    package func trickle(_ text: String) throws -> Int {
        var sent = 0
        while !hasSomething(within: 10), sent < 500 {
            try send(text)
            sent += 1
        }
        return sent
    }

    /// Says that no more is sent.
    package func endSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Closes so that the server sees a reset.
    package func reset() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        close()
    }

    /// Closes.
    package func close() {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
    }

    /// Reads some bytes, at most `limit`; none at the end.
    package func read(upTo limit: Int = 65_536) throws -> [UInt8] {
        if !unread.isEmpty {
            let some = Array(unread.prefix(limit))
            unread.removeFirst(some.count)
            return some
        }
        var bytes = [UInt8](repeating: 0, count: limit)
        while true {
            let count = unsafe recv(descriptor, &bytes, limit, 0)
            if count >= 0 { return Array(bytes.prefix(count)) }
            guard errno == EAGAIN else { throw errno == ECONNRESET ? Failure.reset : Failure.broken(errno: errno) }
            try wait(for: Int16(POLLIN))
        }
    }

    /// Reads to the end of what the server sends.
    package func readToEnd() throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let some = try read()
            if some.isEmpty { return all }
            all += some
        }
    }

    /// Reads one answer, framed by its Content-Length.
    ///
    /// - Parameter hasBody: False for the answer to `HEAD`.
    /// - Returns: The answer; what comes behind it stays unread.
    /// - Throws: ``Failure``.
    package func readResponse(hasBody: Bool = true) throws -> RawResponse {
        var bytes: [UInt8] = []
        var end: Int?
        while end == nil {
            let some = try read()
            guard !some.isEmpty else { throw Failure.endedEarly(after: bytes) }
            bytes += some
            end = Self.endOfHead(in: bytes)
        }
        guard let end, var response = RawResponse(head: bytes[..<end]) else { throw Failure.notAnAnswer(bytes) }
        let length = hasBody ? response["content-length"].flatMap { Int($0) } ?? 0 : 0
        while bytes.count - end < length {
            let some = try read()
            guard !some.isEmpty else { throw Failure.endedEarly(after: bytes) }
            bytes += some
        }
        response.body = Array(bytes[end..<(end + length)])
        unread = Array(bytes[(end + length)...]) + unread
        return response
    }

    /// Whether something can be read, be it the end, within `milliseconds`.
    package func hasSomething(within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe !unread.isEmpty || poll(&entry, 1, milliseconds) > 0
    }

    /// Whether something can be sent within `milliseconds`.
    package func hasRoom(within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&entry, 1, milliseconds) > 0
    }

    private static func endOfHead(in bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for index in 0...(bytes.count - 4) where bytes[index..<(index + 4)].elementsEqual([13, 10, 13, 10]) {
            return index + 4
        }
        return nil
    }

    private func wait(for events: Int16) throws {
        var entry = pollfd(fd: descriptor, events: events, revents: 0)
        guard unsafe poll(&entry, 1, Self.patience) > 0 else { throw Failure.tooLate }
    }

    private static func socketAddress(of address: BoundAddress) -> (Int32, sockaddr_storage, socklen_t) {
        var storage = sockaddr_storage()
        switch address {
        case .ip(.version4(let bits), let port):
            var form = sockaddr_in()
            form.sin_family = sa_family_t(AF_INET)
            form.sin_port = port.bigEndian
            form.sin_addr.s_addr = bits.bigEndian
            let length = copy(&form, into: &storage)
            return (AF_INET, storage, length)
        case .ip(.version6(let high, let low), let port):
            var form = sockaddr_in6()
            form.sin6_family = sa_family_t(AF_INET6)
            form.sin6_port = port.bigEndian
            unsafe withUnsafeMutableBytes(of: &form.sin6_addr) { octets in
                unsafe octets.storeBytes(of: high.bigEndian, as: UInt64.self)
                unsafe octets.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
            let length = copy(&form, into: &storage)
            return (AF_INET6, storage, length)
        case .unix(let path):
            var form = sockaddr_un()
            form.sun_family = sa_family_t(AF_UNIX)
            unsafe withUnsafeMutableBytes(of: &form.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
            let length = copy(&form, into: &storage)
            return (AF_UNIX, storage, length)
        }
    }

    private static func copy<Form>(_ form: inout Form, into storage: inout sockaddr_storage) -> socklen_t {
        unsafe withUnsafeMutableBytes(of: &storage) { target in
            unsafe withUnsafeBytes(of: &form) { unsafe target.copyMemory(from: $0) }
        }
        return socklen_t(MemoryLayout<Form>.size)
    }
}

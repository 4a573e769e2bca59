// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A connection that sends exactly the bytes it is given, right or wrong, and reads with a deadline.
final class RawConnection {
    private let descriptor: Int32
    private var received: [UInt8] = []

    /// Whether the server cut the connection off instead of ending it.
    private(set) var wasReset = false

    /// Connects to a port of 127.0.0.1.
    ///
    /// With `receiveBuffer` the system keeps about so many unread bytes for this side.
    init(port: UInt16, receiveBuffer: Int32? = nil) throws {
        descriptor = try Self.open(AF_INET)
        if var size = receiveBuffer {
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        try connect(&address, to: "port \(port)")
    }

    /// Connects to a socket file.
    init(path: String) throws {
        descriptor = try Self.open(AF_UNIX)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        try connect(&address, to: path)
    }

    private static func open(_ family: Int32) throws -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure("no socket: error \(errno)") }
        return descriptor
    }

    private func connect<Address>(_ address: inout Address, to name: String) throws {
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        // Closed by `deinit`, since everything is initialized.
        guard result == 0 else { throw Failure("cannot connect to \(name): error \(errno)") }
    }

    deinit {
        close(descriptor)
    }

    /// Sends all of `bytes`.
    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe Glibc.send(
                    descriptor, bytes.baseAddress.map { unsafe $0 + sent }, bytes.count - sent,
                    Int32(MSG_NOSIGNAL)
                )
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Failure("cannot send: error \(errno)") }
            sent += count
        }
    }

    /// Sends as much of `bytes` as the system takes without waiting.
    func sendWhatFits(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe Glibc.send(
                    descriptor, bytes.baseAddress.map { unsafe $0 + sent }, bytes.count - sent,
                    Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
                )
            }
            if count < 0 && errno == EAGAIN { return }
            guard count > 0 else { throw Failure("cannot send: error \(errno)") }
            sent += count
        }
    }

    /// Sends text; the caller writes every CR and LF.
    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    /// Says that nothing more will be sent.
    func endSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Makes the end of this connection a reset, which the server sees whatever it is doing.
    func cutOff() {
        var option = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Reads one answer; what follows it stays for the next call.
    func reply(toHead: Bool = false, by deadline: Deadline = .usual) throws -> Reply {
        while true {
            if let (reply, length) = try Reply.parse(received, toHead: toHead) {
                received.removeFirst(length)
                return reply
            }
            guard try receive(by: deadline) else {
                throw Failure("closed in the middle of an answer: \(String(decoding: received, as: UTF8.self))")
            }
        }
    }

    /// Reads the head of an answer that comes before the answer (RFC 9110 §15.2).
    func interimReply(by deadline: Deadline = .usual) throws -> String {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = received.firstRange(of: end) {
                let head = String(decoding: received[..<range.upperBound], as: UTF8.self)
                received.removeFirst(range.upperBound)
                return head
            }
            guard try receive(by: deadline) else { throw Failure("closed without an answer") }
        }
    }

    /// Reads until the server closes, and returns what came after the answers that were read.
    ///
    /// A reset counts as the end: the server may close with bytes of ours unread.
    func bytesUntilClosed(by deadline: Deadline = .usual) throws -> [UInt8] {
        while try receive(by: deadline) {}
        return received
    }

    /// Takes some bytes in; `false` at the end.
    private func receive(by deadline: Deadline) throws -> Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let ready = unsafe poll(&waiting, 1, deadline.milliseconds)
            if ready < 0 && errno == EINTR { continue }
            guard ready > 0 else { throw Failure("no answer in time, only \(received.count) bytes") }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
            if count < 0 && errno == EINTR { continue }
            if count < 0 {
                guard errno == ECONNRESET else { throw Failure("cannot receive: error \(errno)") }
                wasReset = true
            }
            guard count > 0 else { return false }
            received += chunk[..<count]
            return true
        }
    }
}

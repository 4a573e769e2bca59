// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A connection that sends exactly the bytes it is given, right or wrong, and reads with a deadline.
final class RawConnection {
    private let descriptor: Int32
    private var received: [UInt8] = []

    /// Whether the server cut the connection off instead of ending it.
    private(set) var wasReset = false

    /// Connects to a port of 127.0.0.1, from that address or another one of the loopback.
    ///
    /// With `receiveBuffer` the system keeps about so many unread bytes for this side.
    init(port: UInt16, from source: SocketName? = nil, receiveBuffer: Int32? = nil) throws {
        descriptor = try Self.connected(to: .loopback(port: port), from: source, receiveBuffer: receiveBuffer)
    }

    /// Connects to a socket file.
    init(path: String) throws {
        descriptor = try Self.connected(to: .file(path), from: nil)
    }

    private static func connected(
        to name: SocketName, from source: SocketName?, receiveBuffer: Int32? = nil
    ) throws -> Int32 {
        let descriptor = try name.openSocket()
        if var size = receiveBuffer {
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        do {
            try source?.bind(descriptor)
            try name.connect(descriptor)
        } catch {
            close(descriptor)
            throw error
        }
        return descriptor
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

    /// Logs in as the account that `--dev` makes, and leaves the connection open.
    func logInAlice(at host: String = "localhost", fields: [String] = []) throws -> Reply {
        let body = #"{"username":"alice","password":"\#(RunningLanyard.alicesPassword)"}"#
        let lines = ["POST /login HTTP/1.1", "Host: \(host)", "Content-Type: application/json"] + fields
        try send((lines + ["Content-Length: \(body.utf8.count)"]).joined(separator: "\r\n") + "\r\n\r\n" + body)
        return try reply()
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

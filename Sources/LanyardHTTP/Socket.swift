// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import LanyardBase

/// A connected or listening socket, non-blocking, closed when its owner goes.
struct Socket: ~Copyable, Sendable {
    /// The descriptor, for the poller.
    let descriptor: Descriptor

    /// Takes a socket that nobody else will close.
    init(takingOwnershipOf descriptor: consuming Descriptor) {
        self.descriptor = descriptor
    }

    /// Opens a stream socket of an address family; `nil` with `errno` if the system has none.
    init?(family: Int32) {
        let type = Int32(SOCK_STREAM.rawValue) | Self.flags
        let number = socket(family, type, 0)
        guard number >= 0 else { return nil }
        descriptor = Descriptor(takingOwnershipOf: number)
    }

    /// What a read found.
    enum Receipt {
        /// So many bytes, at least one.
        case bytes(Int)
        /// Nothing yet.
        case nothing
        /// The peer has sent its last byte.
        case end
        /// The connection is gone.
        case broken
    }

    /// Reads what is there, up to the size of `buffer`, into its beginning.
    func receive(into buffer: ReadBuffer) -> Receipt {
        while true {
            let count = unsafe recv(descriptor.number, buffer.bytes.baseAddress, buffer.bytes.count, 0)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .nothing
            default: return .broken
            }
        }
    }

    /// Whether the peer has sent bytes that were not read.
    ///
    /// The C function is `recv` with `MSG_PEEK`.
    var hasUnread: Bool {
        var byte: UInt8 = 0
        return unsafe recv(descriptor.number, &byte, 1, Int32(MSG_PEEK)) > 0
    }

    /// Whether the peer of the connection with this number has sent its last byte, or the connection is gone.
    ///
    /// Any thread may ask. `false` for a negative number. The C function is `poll`.
    static func peerHasEnded(_ number: Int32) -> Bool {
        let end = Int16(lanyard_POLLRDHUP)
        let ends = end | Int16(POLLHUP | POLLERR | POLLNVAL)
        var question = pollfd(fd: number, events: end, revents: 0)
        return unsafe poll(&question, 1, 0) == 1 && question.revents & ends != 0
    }

    /// Writes as much of `bytes` as there is room for.
    ///
    /// - Returns: How many bytes were taken, or `nil` if the connection is gone.
    func send(_ bytes: Span<UInt8>) -> Int? {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            var sent = 0
            while sent < bytes.count {
                let rest = bytes.extracting(sent...)
                // MSG_NOSIGNAL: a client that has gone is no reason for SIGPIPE.
                let count = unsafe Glibc.send(descriptor.number, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
                if count >= 0 {
                    sent += count
                    // A short write means that the buffer is full; its edge is still to come.
                    if count < rest.count { return sent }
                } else if errno == EAGAIN {
                    return sent
                } else if errno != EINTR {
                    return nil
                }
            }
            return sent
        }
    }

    /// Tells the peer that nothing more is sent (RFC 9112 §9.6).
    func endSending() {
        _ = shutdown(descriptor.number, Int32(SHUT_WR))
    }

    /// Makes closing drop what the peer has not read, and reset the connection.
    func forgetUnsent() {
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(
            descriptor.number, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Makes a listening socket of TCP deaf to requests to connect; the handshakes that are under way go on.
    ///
    /// Where the system has no such filters (socket(7), `SO_ATTACH_FILTER`) nothing happens.
    func dropConnectionRequests() {
        var program = [
            // The flags of the segment (RFC 9293 §3.1), of which a request has SYN and not ACK.
            sock_filter(code: UInt16(BPF_LD | BPF_B | BPF_ABS), jt: 0, jf: 0, k: 13),
            sock_filter(code: UInt16(BPF_ALU | BPF_AND | BPF_K), jt: 0, jf: 0, k: 0b1_0010),
            sock_filter(code: UInt16(BPF_JMP | BPF_JEQ | BPF_K), jt: 0, jf: 1, k: 0b0_0010),
            sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: 0),
            sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: .max),
        ]
        unsafe program.withUnsafeMutableBufferPointer { program in
            var filter = unsafe sock_fprog(len: UInt16(program.count), filter: program.baseAddress)
            _ = unsafe setsockopt(
                descriptor.number, SOL_SOCKET, SO_ATTACH_FILTER, &filter, socklen_t(MemoryLayout<sock_fprog>.size))
        }
    }

    /// What came of accepting.
    enum Acceptance: ~Copyable {
        /// A connection and where it comes from.
        case connection(Socket, PeerAddress)
        /// Nobody waits.
        case nobody
        /// This one was lost before it could be accepted; there may be more.
        case lost
        /// No descriptor or memory is left, or the system refuses for a reason that stays.
        case exhausted
    }

    /// Takes the first of the connections that wait on this listening socket.
    func accept() -> Acceptance {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let number = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe accept4(descriptor.number, address, &length, Self.flags)
            }
        }
        if number >= 0 {
            let socket = Socket(takingOwnershipOf: Descriptor(takingOwnershipOf: number))
            return .connection(socket, PeerAddress(storage))
        }
        switch errno {
        case EAGAIN: return .nobody
        // accept(2): errors of the network that the connection already has are reported here, and are not ours.
        case EINTR, ECONNABORTED, EPROTO, ENOPROTOOPT, EOPNOTSUPP, ENETDOWN, ENETUNREACH, EHOSTDOWN, EHOSTUNREACH,
            ENONET:
            return .lost
        // EMFILE, ENFILE, ENOBUFS, ENOMEM, and whatever would come again at once.
        default: return .exhausted
        }
    }

    private static var flags: Int32 { Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue) }
}

// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// A connection over TCP, or over a socket file.
final class PlainStream: ClientStream {
    private let descriptor: Int32

    /// Connects to `address`.
    init(to address: ResolvedAddress, before deadline: ClientDeadline) throws(ClientError) {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.family, kind, 0)
        guard descriptor >= 0 else { throw .unreachable(code: errno) }
        self.descriptor = descriptor  // Owned from here on: a throw below runs deinit.
        if unsafe address.withSocketAddress({ unsafe Glibc.connect(descriptor, $0, $1) }) == 0 { return }
        guard errno == EINPROGRESS || errno == EINTR else { throw .unreachable(code: errno) }
        try wait(for: POLLOUT, before: deadline)
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else {
            throw .unreachable(code: errno)
        }
        guard code == 0 else { throw .unreachable(code: code) }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8], before deadline: ClientDeadline) throws(ClientError) {
        var sent = 0
        while sent < bytes.count {
            let rest = bytes.span.extracting(sent...)
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                sent += count
            } else {
                try recover(from: errno, by: POLLOUT, before: deadline)
            }
        }
    }

    func receive(before deadline: ClientDeadline) throws(ClientError) -> [UInt8] {
        while true {
            var count = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 16_384) { buffer, length in
                count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
                length = max(0, count)
            }
            if count >= 0 { return bytes }
            try recover(from: errno, by: POLLIN, before: deadline)
        }
    }

    /// Waits if `code` says that the call would have had to, and throws if it says that the connection is gone.
    private func recover(from code: Int32, by events: Int32, before deadline: ClientDeadline) throws(ClientError) {
        switch code {
        case EAGAIN: try wait(for: events, before: deadline)
        case EINTR: return
        default: throw .disconnected
        }
    }

    private func wait(for events: Int32, before deadline: ClientDeadline) throws(ClientError) {
        while true {
            var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let ready = unsafe poll(&entry, 1, deadline.pollMilliseconds)
            if ready > 0 { return }
            guard ready == 0 || errno == EINTR else { throw .disconnected }
            guard !deadline.hasPassed else { throw .timedOut }
        }
    }
}

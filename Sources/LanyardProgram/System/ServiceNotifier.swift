// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc

/// Tells systemd how far the process is (sd_notify(3)); says nothing where nobody asked.
///
/// A service manager that does not read its socket holds up nobody: a queue of its own sends, in order.
package struct ServiceNotifier: Sendable {
    private let path: [UInt8]?
    private let queue = DispatchQueue(label: "lanyard.notify")

    /// Something to tell.
    package enum State: Sendable {
        /// All listeners are bound.
        case ready
        /// Settings are being read again; ``ready`` follows.
        case reloading
        /// The process was told to stop.
        case stopping
    }

    /// Finds the socket that the service manager named in `NOTIFY_SOCKET`.
    package init(environment: [String: String]) {
        guard let name = environment["NOTIFY_SOCKET"], name.hasPrefix("/") || name.hasPrefix("@") else {
            path = nil
            return
        }
        // A leading @ stands for the 0 of an abstract address (unix(7)).
        path = name.hasPrefix("@") ? [0] + name.utf8.dropFirst() : Array(name.utf8)
    }

    /// Sends one datagram; nothing depends on its arrival, so errors are ignored.
    package func tell(_ state: State) {
        guard path != nil else { return }
        let text =
            switch state {
            case .ready: "READY=1"
            case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(monotonicMicroseconds())"
            case .stopping: "STOPPING=1"
            }
        queue.async { send(text) }
    }

    private func send(_ text: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard let path, path.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
        // The length says where an abstract name ends; a path ends with its 0 as well.
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count + (path.first == 0 ? 0 : 1))
        let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { return }
        let socket = FileDescriptor(takingOwnershipOf: number)
        var patience = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
        _ = unsafe setsockopt(
            number, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let bytes = Array(text.utf8)
        socket.withNumber { number in
            unsafe withUnsafePointer(to: &address) { address in
                unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    _ = unsafe sendto(number, bytes, bytes.count, Int32(MSG_NOSIGNAL), address, length)
                }
            }
        }
    }

    /// How long one datagram may wait for room in the socket.
    private static let patienceSeconds = 5
}

/// `CLOCK_MONOTONIC` in microseconds, by which systemd tells one reload from the next.
private func monotonicMicroseconds() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1_000
}

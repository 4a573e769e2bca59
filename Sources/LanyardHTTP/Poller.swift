// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// What a loop waits on; the only file that knows epoll(7) and eventfd(2).
final class Poller: Sendable {
    /// How a descriptor is watched.
    enum Watch {
        /// Reading and the peer's end; each change is told once.
        case connection
        /// As ``connection``, and room to write.
        case stuckConnection
        /// Connections to accept, told as long as there are any.
        case listener
        /// As ``listener``, but of all loops that watch it, one is told.
        case sharedListener
    }

    private let descriptor: Descriptor

    /// Creates a poller that watches nothing.
    init() throws(ServerError) {
        let number = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard number >= 0 else { throw .cannotPoll(errno: errno) }
        descriptor = Descriptor(takingOwnershipOf: number)
    }

    /// Watches `watched` until it is closed, and reports its events with `token`; false if the system has no room.
    func add(_ watched: borrowing Descriptor, as watch: Watch, token: UInt64) -> Bool {
        control(EPOLL_CTL_ADD, watched.number, watch.bits, token)
    }

    /// Watches `watched`, which was added, in another way; what holds already is told at once.
    func change(_ watched: borrowing Descriptor, to watch: Watch, token: UInt64) {
        // epoll_ctl(2) fails for what was never added, or for want of memory, which a change does not take.
        _ = control(EPOLL_CTL_MOD, watched.number, watch.bits, token)
    }

    /// Watches `wakeup`; each signal after a wait is told once.
    func add(_ wakeup: Wakeup, token: UInt64) throws(ServerError) {
        let bits = EPOLLIN.rawValue | EPOLLET.rawValue
        guard control(EPOLL_CTL_ADD, wakeup.descriptor.number, bits, token) else { throw .cannotPoll(errno: errno) }
    }

    private func control(_ operation: Int32, _ number: Int32, _ bits: UInt32, _ token: UInt64) -> Bool {
        var event = unsafe epoll_event(events: bits, data: epoll_data(u64: token))
        return unsafe epoll_ctl(descriptor.number, operation, number, &event) == 0
    }

    /// Stops watching `watched`.
    func remove(_ watched: borrowing Descriptor) {
        _ = epoll_ctl(descriptor.number, EPOLL_CTL_DEL, watched.number, nil)
    }

    /// Waits until something happens, at most for `milliseconds` (`nil`: without end), and fills `events`.
    func wait(milliseconds: UInt64?, into events: inout Events) {
        let limit = milliseconds.map { Int32(clamping: $0) } ?? -1
        let filled = unsafe events.storage.withUnsafeMutableBufferPointer { storage in
            unsafe epoll_wait(descriptor.number, storage.baseAddress, Int32(storage.count), limit)
        }
        // A wait that a signal ends (EINTR) is one that found nothing.
        events.count = max(0, Int(filled))
    }

    /// Room for the events of one wait.
    @safe struct Events {
        fileprivate var storage: [epoll_event]
        /// How many events the last wait found.
        fileprivate(set) var count = 0

        /// Makes room for `capacity` events.
        init(capacity: Int) {
            unsafe storage = Array(repeating: epoll_event(), count: capacity)
        }

        /// The event at `index`, less than ``count``.
        subscript(index: Int) -> Event {
            precondition(index < count, "no such event")
            return unsafe Event(token: storage[index].data.u64, bits: storage[index].events)
        }
    }

    /// Something that happened to a descriptor.
    struct Event {
        /// What the descriptor was added with.
        let token: UInt64
        fileprivate let bits: UInt32

        /// There may be bytes to read, or the end of them.
        var isReadable: Bool { bits & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLHUP.rawValue) != 0 }
        /// There is room to write.
        var isWritable: Bool { bits & EPOLLOUT.rawValue != 0 }
        /// The peer sends no more.
        var isEnded: Bool { bits & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue) != 0 }
        /// The connection was reset.
        var isBroken: Bool { bits & EPOLLERR.rawValue != 0 }
    }
}

/// A bell that any queue can ring and one poller hears.
final class Wakeup: Sendable {
    fileprivate let descriptor: Descriptor

    /// Creates a bell.
    init() throws(ServerError) {
        let number = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        guard number >= 0 else { throw .cannotPoll(errno: errno) }
        descriptor = Descriptor(takingOwnershipOf: number)
    }

    /// Rings.
    func signal() {
        // Watched by its edges, the counter need not be read; eventfd(2): it is full after 2^64 - 2 signals.
        _ = eventfd_write(descriptor.number, 1)
    }
}

extension Poller.Watch {
    fileprivate var bits: UInt32 {
        switch self {
        case .connection: EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        case .stuckConnection: EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        case .listener: EPOLLIN.rawValue
        case .sharedListener: EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue
        }
    }
}

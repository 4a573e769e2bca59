// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// A signal that came while something had to be put back before the process may end or stop.
enum CaughtSignal {
    /// Runs `body` while the signals of a terminal and of a supervisor are only noted, on whatever thread they come.
    ///
    /// Signals are handled and not blocked: a thread that another library is just starting has not blocked them yet.
    static func whileCatching<R>(_ body: () throws(FileError) -> R) throws(FileError) -> R {
        number.store(0, ordering: .sequentiallyConsistent)
        let before = signals.map { signal($0) { number.store($0, ordering: .sequentiallyConsistent) } }
        defer {
            for (signal, handler) in zip(signals, before) { _ = Glibc.signal(signal, handler) }
        }
        return try body()
    }

    /// Whether no signal has come.
    static var isNone: Bool { number.load(ordering: .sequentiallyConsistent) == 0 }

    /// Returns the last signal that came, once, so that it can be raised again.
    static func take() -> Int32? {
        let taken = number.exchange(0, ordering: .sequentiallyConsistent)
        return taken == 0 ? nil : taken
    }
}

/// What ends or stops a process that reads from a terminal.
private let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP]

/// The last signal, or 0; a lock-free store is all that the handler does, which signal-safety(7) allows.
private let number = Atomic<Int32>(0)

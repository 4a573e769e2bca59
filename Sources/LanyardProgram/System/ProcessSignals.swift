// SPDX-License-Identifier: Apache-2.0

package import Dispatch
internal import Glibc

/// The signals by which an operator stops a server or has it read its settings again.
package final class ProcessSignals {
    private let sources: [any DispatchSourceSignal]

    /// What `SIGHUP` means.
    package enum Hangup: Sendable {
        /// Read the settings again: a service's `SIGHUP` comes from its manager.
        case reloads
        /// Stop: the terminal that shows the log was closed.
        case stops
        /// Nothing: whoever started the process asked for that (nohup(1)).
        case isIgnored

        /// Returns what it means, before anything changes how the signal is handled.
        ///
        /// `isOnTerminal` says whether standard error was a terminal at start.
        package static func meaning(isOnTerminal: Bool) -> Self {
            guard isOnTerminal else { return .reloads }
            var action = sigaction()
            guard unsafe sigaction(SIGHUP, nil, &action) == 0 else { return .stops }
            return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
                == unsafeBitCast(SIG_IGN, to: Int.self) ? .isIgnored : .stops
        }
    }

    /// Keeps the signals from ending the process that have no meaning for it, and lets an early `SIGHUP` wait that reloads.
    ///
    /// Log rotation, profilers and timers of whoever started the process send such signals; their default is to kill.
    /// Call this before the process has a second thread.
    package static func prepare(_ hangup: Hangup) {
        for number in meaningless { _ = signal(number, SIG_IGN) }
        if hangup == .reloads { hold([SIGHUP]) }
    }

    /// Lets signals to stop wait from now on, until the process takes them over: requests may be in flight already.
    ///
    /// Before that, they end the process at once.
    package static func holdStops() { hold([SIGTERM, SIGINT]) }

    /// Those whose default is to end the process and that tell of no fault in it.
    ///
    /// `SIGXFSZ` is among them because a write beyond a limit then fails like one to a full disk. The range is that of the
    /// real-time signals: glibc keeps the two below for itself (signal(7)).
    private static let meaningless: [Int32] =
        [SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGSTKFLT, SIGPWR, SIGXFSZ] + Array(34...64)

    /// What a signal asks for.
    package enum Demand: Equatable, Sendable {
        /// Stop, and let requests in flight finish: the first `SIGTERM` or `SIGINT`.
        case drain
        /// Stop at once: any further one.
        case end
        /// Read settings and certificates again: `SIGHUP`.
        case reload
    }

    /// Takes over the signals of the process until it is released.
    ///
    /// No signal is lost meanwhile: until a source watches, which Dispatch brings about on a thread of its own, what comes
    /// waits. Dispatch's threads block all signals anyway, so only the thread that calls this has to.
    ///
    /// - Parameters:
    ///   - hangup: What `SIGHUP` means.
    ///   - queue: A serial queue, on which `handler` is called; never the one that calls this.
    ///   - handler: Called once for each demand; several `SIGHUP` that come together may be one.
    package init(
        _ hangup: Hangup = .reloads, on queue: DispatchQueue, handler: @escaping @Sendable (Demand) -> Void
    ) {
        let numbers = hangup == .isIgnored ? [SIGTERM, SIGINT] : [SIGTERM, SIGINT, SIGHUP]
        Self.hold(numbers)
        let stops = StopCount()
        let registration = DispatchGroup()
        sources = numbers.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            registration.enter()
            source.setRegistrationHandler { registration.leave() }
            source.setEventHandler {
                guard number != SIGHUP || hangup == .stops else { return handler(.reload) }
                for _ in 0..<source.data { handler(stops.isFirst() ? .drain : .end) }
            }
            source.resume()
            return source
        }
        registration.wait()
    }

    /// Makes signals wait until somebody asks for them (signalfd(2), which is how Dispatch does).
    private static func hold(_ numbers: [Int32]) {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        for number in numbers { unsafe sigaddset(&signals, number) }
        _ = unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    deinit {
        for source in sources { source.cancel() }
    }
}

/// Whether the process was told to stop before; touched on the queue of the signals only.
private final class StopCount: @unchecked Sendable {
    // @unchecked Sendable because the event handlers of one serial queue are its only users.
    private var hasCome = false

    /// Returns `true` the first time.
    func isFirst() -> Bool {
        defer { hasCome = true }
        return !hasCome
    }
}

/// Ends the process at once, as a second signal to stop asks for.
func exitNow() -> Never { _exit(ExitStatus.done.rawValue) }

// SPDX-License-Identifier: Apache-2.0

package import Dispatch
internal import Glibc

/// The signals by which a server is told to stop or to read its settings again.
package final class ProcessSignals {
    private let sources: [any DispatchSourceSignal]

    /// What a signal asks for.
    package enum Demand: Equatable, Sendable {
        /// Stop, and let requests in flight finish: the first `SIGTERM` or `SIGINT`.
        case drain
        /// Stop at once: any further one.
        case end
        /// Read settings and certificates again: `SIGHUP`.
        case reload
    }

    /// Takes over the three signals of the process until it is released.
    ///
    /// No signal is lost meanwhile: until a source watches, which Dispatch brings about on a thread of its own, what comes
    /// waits. Dispatch's threads block all signals anyway, so only the thread that calls this has to.
    ///
    /// - Parameters:
    ///   - queue: A serial queue, on which `handler` is called; never the one that calls this.
    ///   - handler: Called once for each demand; several `SIGHUP` that come together may be one.
    package init(on queue: DispatchQueue, handler: @escaping @Sendable (Demand) -> Void) {
        Self.hold([SIGTERM, SIGINT, SIGHUP])
        let stops = StopCount()
        let registration = DispatchGroup()
        sources = [SIGTERM, SIGINT, SIGHUP].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            registration.enter()
            source.setRegistrationHandler { registration.leave() }
            source.setEventHandler {
                guard number != SIGHUP else { return handler(.reload) }
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

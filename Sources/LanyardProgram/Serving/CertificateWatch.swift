// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
package import LanyardBase
package import LanyardHTTP
package import Logging

/// Warns in the log when the certificate's time is over, or nearly: at once, and then every day.
package final class CertificateWatch: Sendable {
    private struct State: Sendable {
        var context: TLSServerContext?
        var isStopped = false
    }

    private let state: Guarded<State>
    private let log: Logger
    private let now: @Sendable () -> UnixTime

    /// Looks at a certificate, if there is one, and goes on looking.
    package init(_ context: TLSServerContext?, log: Logger, now: @escaping @Sendable () -> UnixTime) {
        state = Guarded(State())
        self.log = log
        self.now = now
        watch(context)
        lookAgain()
    }

    /// Looks at the certificate that takes the place of the one before.
    package func watch(_ context: TLSServerContext?) {
        state.withLock { $0.context = context }
        look()
    }

    /// Looks no more.
    package func stop() { state.withLock { $0.isStopped = true } }

    private func look() {
        guard let context = state.withLock({ $0.context }), let warning = context.warning(at: now()) else { return }
        log.warning("\(warning)", metadata: ["event": "certificate_expiry"])
    }

    private func lookAgain() {
        DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + Self.pause) { [weak self] in
            guard let self, !state.withLock({ $0.isStopped }) else { return }
            look()
            lookAgain()
        }
    }

    private static let pause = DispatchTimeInterval.seconds(86_400)
}

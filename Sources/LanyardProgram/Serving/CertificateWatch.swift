// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardHTTP
package import Logging

/// Warns in the log when the certificate's time is over, or nearly: at once, and then every day.
package final class CertificateWatch: Sendable {
    private let context: Guarded<TLSServerContext?>
    private let repetition: Repetition
    private let log: Logger
    private let now: @Sendable () -> UnixTime

    /// Creates the watch of a certificate, if there is one, that has not looked yet.
    package init(
        _ context: TLSServerContext?, log: Logger, now: @escaping @Sendable () -> UnixTime, pauses: any Clock<Duration>
    ) {
        self.context = Guarded(context)
        repetition = Repetition(on: QueueExecutor(label: "lanyard.certificate", urgency: .low), clock: pauses)
        self.log = log
        self.now = now
    }

    /// Looks, and goes on looking.
    package func start() {
        look()
        repetition.start(after: Self.pause) { [weak self] in
            self?.look()
            return Self.pause
        }
    }

    /// Looks at the certificate that takes the place of the one before.
    package func watch(_ context: TLSServerContext?) {
        self.context.withLock { $0 = context }
        look()
    }

    /// Looks no more.
    package func stop() { repetition.stop() }

    private func look() {
        guard let context = context.withLock({ $0 }), let warning = context.warning(at: now()) else { return }
        log.warning("\(warning)", metadata: ["event": "certificate_expiry"])
    }

    private static let pause = Duration.seconds(86_400)
}

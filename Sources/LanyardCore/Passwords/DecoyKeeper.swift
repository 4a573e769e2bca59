// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardPasswords
internal import LanyardStore

/// Keeps the decoys of a process in the proportions of the store: fills in schemes that are missing, has them counted, and
/// follows the count that all replicas share.
package final class DecoyKeeper: Sendable {
    private let decoys: PasswordDecoys
    private let seal: PasswordSeal
    private let store: any AccountStore
    private let now: @Sendable () -> UnixTime
    private let repetition: Repetition

    /// Creates a keeper that has done nothing yet.
    ///
    /// - Parameters:
    ///   - resources: The decoys, the seal of passwords, the store and the clock of the process.
    ///   - pauses: What the pauses between looks are measured by.
    package init(_ resources: Resources, pauses: any Clock<Duration> = .continuous) {
        decoys = resources.decoys
        seal = resources.passwords
        store = resources.store
        now = resources.now
        repetition = Repetition(on: QueueExecutor(label: "lanyard.decoys", urgency: .low), clock: pauses)
    }

    /// Fills in the first portion and counts, before anybody is answered.
    ///
    /// If the store is unavailable, the decoys stay as they are until a later look.
    package func begin() async {
        _ = try? await fillIn()
        await count()
    }

    /// Looks again and again.
    package func start() {
        repetition.start { [weak self] in await self?.lookOnce() }
    }

    /// Begins nothing more.
    package func stop() { repetition.stop() }

    /// Does what is due, and returns how long to wait before the next look.
    package func lookOnce() async -> Duration {
        guard let filled = try? await fillIn() else { return Self.usualPause }
        if filled > 0 {
            if filled < Self.portion { await count() }
            return Self.portionPause
        }
        guard let schemes = try? await store.passwordSchemes() else { return Self.usualPause }
        decoys.adopt(schemes)
        let interval = schemes.counts.values.reduce(0, +) < Self.fewAccounts ? Self.shortInterval : Self.interval
        if schemes.countedAt.map({ $0 + interval <= now() || $0 > now() + interval }) ?? true { await count() }
        return Self.usualPause
    }

    private func count() async {
        let instant = now()
        guard let schemes = try? await store.countPasswordSchemes(at: instant) else {
            return
        }
        decoys.adopt(schemes)
    }

    /// Fills in one portion of the schemes that an older release did not write, and returns how many that were.
    private func fillIn() async throws(StoreError) -> Int {
        let missing = try await store.accountsWithoutScheme(limit: Self.portion)
        guard !missing.isEmpty else { return 0 }
        let filled = missing.map { account in
            // A hash that cannot be read is marked, or it would be read again and again.
            let hash = try? seal.open(account.sealed, account: account.id)
            return AccountScheme(id: account.id, sealed: account.sealed, scheme: hash?.kind.text ?? "")
        }
        try await store.fillIn(filled)
        return missing.count
    }

    /// Small enough that a refresh waits for a few milliseconds behind it.
    private static let portion = 500
    private static let portionPause = Duration.milliseconds(100)
    /// How soon a replica follows what another has counted.
    private static let usualPause = Duration.seconds(5)
    private static let interval = Duration.seconds(3_600)
    /// With few accounts each change shifts the proportions, and counting is cheap.
    private static let shortInterval = Duration.seconds(60)
    private static let fewAccounts = 10_000
}

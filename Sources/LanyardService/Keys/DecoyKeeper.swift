// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardPasswords
internal import LanyardStore

/// Keeps the decoys of a process in the proportions of the store: fills in schemes that are missing, has them counted, and
/// follows the count that all replicas share.
package final class DecoyKeeper: Sendable {
    private let decoys: PasswordDecoys
    private let seal: PasswordSeal
    private let store: any Store
    private let now: @Sendable () -> UnixTime
    private let pause: @Sendable (Duration) async throws -> Void
    private let task = Guarded<Task<Void, Never>?>(nil)

    /// Creates a keeper that has done nothing yet.
    ///
    /// - Parameters:
    ///   - dependencies: The decoys, the seal of passwords, the store and the clock of the process.
    ///   - pause: Waits between two looks.
    package init(
        _ dependencies: Dependencies,
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        decoys = dependencies.decoys
        seal = dependencies.passwords
        store = dependencies.store
        now = dependencies.now
        self.pause = pause
    }

    /// Fills in the first portion and counts, before anybody is answered.
    ///
    /// If the store is unavailable, the decoys stay as they are until a later look.
    package func begin() async {
        _ = try? await fillIn()
        await count()
    }

    /// Looks again and again, on a task of its own.
    package func start() {
        let task = Task { [weak self] in
            while !Task.isCancelled, let (wait, next) = await self?.look() {
                guard (try? await wait(next)) != nil else { return }
            }
        }
        self.task.withLock { $0 = task }
    }

    /// Begins nothing more.
    package func stop() { task.withLock { $0?.cancel() } }

    private typealias Wait = @Sendable (Duration) async throws -> Void

    private func look() async -> (Wait, Duration) { (pause, await lookOnce()) }

    /// Does what is due, and returns how long to wait before the next look.
    package func lookOnce() async -> Duration {
        guard let filled = try? await fillIn() else { return Self.usualPause }
        if filled > 0 {
            if filled < Self.portion { await count() }
            return Self.portionPause
        }
        guard let schemes = try? await answer(store.passwordSchemes) else { return Self.usualPause }
        decoys.adopt(schemes)
        let interval = schemes.counts.values.reduce(0, +) < Self.fewAccounts ? Self.shortInterval : Self.interval
        if schemes.countedAt.map({ $0 + interval <= now() || $0 > now() + interval }) ?? true { await count() }
        return Self.usualPause
    }

    private func count() async {
        let instant = now()
        guard let schemes = try? await answer({ store.countPasswordSchemes(at: instant, completion: $0) }) else {
            return
        }
        decoys.adopt(schemes)
    }

    /// Fills in one portion of the schemes that an older release did not write, and returns how many that were.
    private func fillIn() async throws(StoreError) -> Int {
        let missing = try await answer { store.accountsWithoutScheme(limit: Self.portion, completion: $0) }
        guard !missing.isEmpty else { return 0 }
        let filled = missing.map { account in
            // A hash that cannot be read is marked, or it would be read again and again.
            let hash = try? seal.open(account.sealed, account: account.id)
            return AccountScheme(id: account.id, sealed: account.sealed, scheme: hash?.kind.text ?? "")
        }
        try await answer { store.fillIn(filled, completion: $0) }
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

/// Waits for a call of the store.
private func answer<Value: Sendable>(
    _ begin: (@escaping @Sendable (Result<Value, StoreError>) -> Void) -> Void
) async throws(StoreError) -> Value {
    try await withCheckedContinuation { continuation in
        begin { continuation.resume(returning: $0) }
    }.get()
}

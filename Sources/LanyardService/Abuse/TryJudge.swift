// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP
internal import LanyardStore

/// Counts failed tries and holds them against the limits, where there are any.
struct TryJudge: Sendable {
    private let store: any AttemptStore
    private let keys: TryKeys
    private let limits: Replaceable<TryLimits?>
    private let proxies: TrustedProxies
    private let now: @Sendable () -> UnixTime

    init(_ dependencies: Dependencies) {
        store = dependencies.store
        keys = dependencies.passwords.tryKeys
        limits = dependencies.tryLimits
        proxies = dependencies.configuration.trustedProxies
        now = dependencies.now
    }

    /// Judges a try of a client, right or wrong; returns why it is refused, or `nil`.
    func judge(client id: String, isRight: Bool, _ request: Request) async throws(StoreError) -> Refusal? {
        guard let limits = limits.current else { return isRight ? nil : .wrong }
        let instant = now()
        var attempt = keys.ofClient(id, at: proxies.client(of: request))
        // A secret of 256 random bits was not guessed. Who has it is not to wait because of others in its network, or anybody
        // there could keep it out with names that do not exist.
        if isRight { (attempt.network, attempt.site) = (nil, nil) }
        switch try await store.judge(attempt, isRight: isRight, under: limits, at: instant) {
        case .right: return nil
        case .wrong: return .wrong
        case .limited(let until): return .limited(seconds: Self.wholeSeconds(from: instant, until: until))
        }
    }

    /// Why a try is refused.
    enum Refusal: Equatable, Sendable {
        case wrong
        case limited(seconds: Int64)
    }

    /// Returns how many whole seconds are enough: one that comes back a moment too early is refused again.
    private static func wholeSeconds(from now: UnixTime, until next: UnixTime) -> Int64 {
        max(1, (next.since(now) + .milliseconds(999)).wholeSeconds)
    }
}

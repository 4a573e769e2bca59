// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP
internal import LanyardStore

/// Counts failed tries and holds them against the limits, where there are any.
struct TryJudge: Sendable {
    private let store: any Store
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

    /// Judges a try of a client, right or wrong; `completion` gets why it is refused, or nothing.
    func judge(
        client id: String, isRight: Bool, _ request: Request,
        completion: @escaping @Sendable (Result<Refusal?, StoreError>) -> Void
    ) {
        guard let limits = limits.current else { return completion(.success(isRight ? nil : .wrong)) }
        let instant = now()
        var attempt = keys.ofClient(id, at: proxies.client(of: request))
        // A secret of 256 random bits was not guessed. Who has it is not to wait because of others in its network, or anybody
        // there could keep it out with names that do not exist.
        if isRight { (attempt.network, attempt.site) = (nil, nil) }
        store.judge(attempt, isRight: isRight, under: limits, at: instant) { result in
            completion(
                result.map { verdict in
                    switch verdict {
                    case .right: nil
                    case .wrong: .wrong
                    case .limited(let until): .limited(seconds: Self.wholeSeconds(from: instant, until: until))
                    }
                })
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

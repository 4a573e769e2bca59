// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardStore

/// Counts failed attempts and holds them against the limits, where there are any.
struct TryJudge: Sendable {
    let store: any AttemptStore
    let keys: TryKeys
    let limits: Replaceable<TryLimits?>
    let now: @Sendable () -> UnixTime

    /// Judges an attempt of a client, right or wrong; returns why it is refused, or `nil`.
    func judge(client id: ClientID, isRight: Bool, by caller: Caller) async throws(StoreError) -> Refusal? {
        guard let limits = limits.current else { return isRight ? nil : .wrong }
        let instant = now()
        var attempt = keys.ofClient(id, at: caller.address())
        // A secret of 256 random bits was not guessed. A client that has it must not wait because of others in its network,
        // or anybody there could keep it out with names that do not exist.
        if isRight { (attempt.network, attempt.site) = (nil, nil) }
        switch try await store.judge(attempt, isRight: isRight, under: limits, at: instant) {
        case .right: return nil
        case .wrong: return .wrong
        case .limited(let until): return .limited(seconds: Self.wholeSeconds(from: instant, until: until))
        }
    }

    /// Why an attempt is refused.
    enum Refusal: Equatable, Sendable {
        case wrong
        case limited(seconds: Int64)
    }

    /// Returns how many whole seconds are enough: a client that comes back a moment too early is refused again.
    private static func wholeSeconds(from now: UnixTime, until next: UnixTime) -> Int64 {
        max(1, (next.since(now) + .milliseconds(999)).wholeSeconds)
    }
}

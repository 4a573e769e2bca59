// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding

/// Keeps the key set of one issuer, and fetches it when it must.
///
/// ```swift
/// let cache = KeySetCache { try await download("https://auth.example.com/.well-known/jwks.json") }
/// let token = try await verifier.verify(bearer, keys: cache, at: .now)
/// ```
///
/// At most one fetch is under way, however many ask. A token that names an unknown key causes a fetch, but not more often
/// than ``Options/minimumInterval``, so that forged tokens cannot drive fetches. A copy is kept while the issuer is away.
public final class KeySetCache: Sendable {
    /// How long copies are used.
    ///
    /// The defaults fit the `Cache-Control` that Lanyard sends with its key set.
    public struct Options: Sendable {
        /// How long a copy is used without a fetch; 300 s.
        public var maximumAge: Duration = .seconds(300)

        /// For how long after that a copy is used at once while a new one is fetched; 60 s.
        ///
        /// Later, one waits for the fetch.
        public var revalidationWindow: Duration = .seconds(60)

        /// The age at which a copy is no longer used, even if no new one can be had; 24 h.
        public var maximumStaleness: Duration = .seconds(86_400)

        /// The least time from one fetch to the next while there is a copy; 30 s.
        ///
        /// After `lanyard key rotate --now` the new key signs 35 s later, so that caches with this interval know it by then.
        public var minimumInterval: Duration = .seconds(30)

        /// The least time from one fetch to the next while there is none; 1 s.
        public var retryInterval: Duration = .seconds(1)

        /// Creates the default options.
        public init() {}
    }

    private typealias Renewals = Renewal<KeySet, KeySetError>

    private let options: Options
    private let uptime: @Sendable () -> Duration
    private let fetch: @Sendable () async throws -> [UInt8]
    private let renewal = Guarded(Renewals())

    /// Creates an empty cache; nothing is fetched before a set is asked for.
    ///
    /// - Parameters:
    ///   - options: How long copies are used.
    ///   - fetch: Downloads the document from an address that you trust, over TLS. It must end by itself, and should
    ///     refuse to read more than ``KeySet/maximumBytes``. An error that it throws is not kept: log it there.
    public convenience init(options: Options = Options(), fetch: @escaping @Sendable () async throws -> [UInt8]) {
        let start = ContinuousClock.now
        self.init(options: options, uptime: { start.duration(to: .now) }, fetch: fetch)
    }

    /// Creates a cache that reads a clock of the caller's.
    ///
    /// - Parameters:
    ///   - options: How long copies are used.
    ///   - uptime: The time since some instant; it must not go back.
    ///   - fetch: Downloads the document.
    package init(
        options: Options, uptime: @escaping @Sendable () -> Duration,
        fetch: @escaping @Sendable () async throws -> [UInt8]
    ) {
        self.options = options
        self.uptime = uptime
        self.fetch = fetch
    }

    /// Returns the key set to check a token with.
    ///
    /// - Parameter keyID: The `kid` of the token, which may be anything. A set without it is fetched anew if that is
    ///   allowed by now; what is returned may still not have it.
    /// - Returns: The youngest set that can be had.
    /// - Throws: ``KeySetError/unavailable``.
    public func keys(for keyID: String?) async throws(KeySetError) -> KeySet {
        switch renewal.withLock({ next(&$0, keyID: keyID) }) {
        case .use(let keys):
            return keys
        case .wait(let flight, let copy):
            if case .success(let keys) = await flight.value { return keys }
            guard let copy else { throw .unavailable }
            return copy
        case .fallBack(let copy):
            guard let copy else { throw .unavailable }
            return copy
        }
    }

    private func next(_ renewal: inout Renewals, keyID: String?) -> Renewals.Step {
        let now = uptime()
        if let age = renewal.age(at: now), age >= options.maximumStaleness { renewal.dropCopy() }
        let interval = renewal.copy == nil ? options.retryInterval : options.minimumInterval
        let need = need(of: renewal, keyID: keyID, at: now)
        return renewal.step(need, at: now, interval: interval) {
            // Detached: it serves all who wait, so it must not end, or be traced, with the one who came first.
            Task.detached { await self.land() }
        }
    }

    private func need(of renewal: Renewals, keyID: String?, at now: Duration) -> Renewals.Need {
        guard let copy = renewal.copy, let age = renewal.age(at: now) else { return .now }
        if let keyID, !copy.value.contains(id: keyID) { return .now }
        if age < options.maximumAge { return .none }
        return age < options.maximumAge + options.revalidationWindow ? .soon : .now
    }

    /// Fetches, and ends the flight with the new copy or without.
    private func land() async -> Result<KeySet, KeySetError> {
        let keys = try? await KeySet(parsing: fetch())
        let result: Result<KeySet, KeySetError> = keys.map(Result.success) ?? .failure(.unavailable)
        renewal.withLock { $0.land(result, at: uptime()) }
        return result
    }
}

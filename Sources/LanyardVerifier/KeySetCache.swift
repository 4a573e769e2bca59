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

        /// The least time from one fetch to the next while there is a copy; 60 s.
        public var minimumInterval: Duration = .seconds(60)

        /// The least time from one fetch to the next while there is none; 1 s.
        public var retryInterval: Duration = .seconds(1)

        /// Creates the default options.
        public init() {}
    }

    private struct Copy {
        let keys: KeySet
        let fetchedAt: Duration
    }

    private struct State {
        var copy: Copy?
        var lastFetch: Duration?
        /// The fetch under way; its value is the new set, or nothing if it failed.
        var flight: Task<KeySet?, Never>?
    }

    private enum Step {
        case use(KeySet)
        /// Wait for the fetch; if it fails, use the copy.
        case wait(Task<KeySet?, Never>, copy: KeySet?)
        case refuse
    }

    private let options: Options
    private let uptime: @Sendable () -> Duration
    private let fetch: @Sendable () async throws -> [UInt8]
    private let state = Guarded(State())

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
        switch state.withLock({ next(&$0, keyID: keyID) }) {
        case .use(let keys):
            return keys
        case .wait(let flight, let copy):
            guard let keys = await flight.value ?? copy else { throw .unavailable }
            return keys
        case .refuse:
            throw .unavailable
        }
    }

    private func next(_ state: inout State, keyID: String?) -> Step {
        let now = uptime()
        let age = state.copy.map { now - $0.fetchedAt }
        if let age, age >= options.maximumStaleness { state.copy = nil }
        let copy = state.copy?.keys
        let isKnown = keyID.map { id in copy?.contains(id: id) ?? false } ?? true

        if let copy, let age, isKnown, age < options.maximumAge { return .use(copy) }
        guard let flight = state.flight ?? startFetch(&state, now: now) else {
            return copy.map(Step.use) ?? .refuse
        }
        if let copy, let age, isKnown, age < options.maximumAge + options.revalidationWindow { return .use(copy) }
        return .wait(flight, copy: copy)
    }

    /// Starts a fetch, unless the last one was too short a time ago.
    private func startFetch(_ state: inout State, now: Duration) -> Task<KeySet?, Never>? {
        let interval = state.copy == nil ? options.retryInterval : options.minimumInterval
        if let lastFetch = state.lastFetch, now - lastFetch < interval { return nil }
        // Detached: it serves all who wait, so it must not end, or be traced, with the one who came first.
        let flight = Task.detached { await self.land() }
        state.lastFetch = now
        state.flight = flight
        return flight
    }

    /// Fetches, and ends the flight with the new copy or without.
    private func land() async -> KeySet? {
        let keys = try? await KeySet(parsing: fetch())
        state.withLock { state in
            state.flight = nil
            if let keys { state.copy = Copy(keys: keys, fetchedAt: uptime()) }
        }
        return keys
    }
}

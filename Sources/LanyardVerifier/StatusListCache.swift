// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// Keeps the status lists of an issuer, and fetches them when it must.
///
/// ```swift
/// let statuses = StatusListCache(inOutage: .goOnUntilListExpires) { uri in try await download(uri) }
/// let token = try await verifier.verify(bearer, keys: keys, statuses: statuses, at: .now)
/// ```
///
/// A list is fetched when the first token that it speaks of was found good in everything else, and again as its `ttl` asks,
/// a little earlier while there are calls, so that nobody waits. At most one fetch of a list is under way, however many
/// ask. Only lists at `<issuer>/status/<number>` are fetched: no token can send this service anywhere else.
public final class StatusListCache: Sendable {
    /// What is done with a token while its list is older than its `ttl`, and no newer one can be had.
    ///
    /// A list that can be fetched but not trusted counts as none.
    public enum Outage: Sendable {
        /// The token is refused: what was revoked is shut out within the list's `ttl`, but no call succeeds when the issuer
        /// is away for longer.
        case refuse
        /// The old list is used until it expires; with Lanyard that is an hour, or ten times its `ttl`. Without one, the
        /// token is refused.
        case goOnUntilListExpires
        /// The old list is used until it expires; without one, the token is accepted until it expires itself.
        case goOnUntilTokenExpires
    }

    /// What may be chosen.
    public struct Options: Sendable {
        /// Whether a token without a place in a status list is refused; it is not.
        ///
        /// The draft leaves the claim to the issuer: tokens that a service got for itself have none with Lanyard, and nor has any
        /// token while the list is switched off.
        public var requiresStatus = false

        /// The least time that a list is used without a fetch, whatever its `ttl` says; 5 s, the shortest `ttl` that
        /// Lanyard can be set to.
        public var minimumAge: Duration = .seconds(5)

        /// The longest time that a list is used without a fetch, whatever its `ttl` says; 1 h.
        public var maximumAge: Duration = .seconds(3_600)

        /// How long a list that has no `ttl` is used without a fetch; 300 s.
        public var defaultAge: Duration = .seconds(300)

        /// The least time from one fetch of a list to the next; 1 s.
        public var minimumInterval: Duration = .seconds(1)

        /// How many lists are kept; 64.
        ///
        /// What was not used for longest makes room.
        public var maximumLists = 64

        /// How much of a list is read.
        public var limits = StatusList.Limits()

        /// Is told each time that a list cannot be had, with its address; for your log, since a service that goes on
        /// would not notice.
        public var onFailure: @Sendable (_ uri: String, _ error: StatusListError) -> Void = { _, _ in }

        /// Creates the default options.
        public init() {}
    }

    /// What a token says of its list, checked by whom, and when.
    private struct Lookup: Sendable {
        let uri: String
        let verifier: Verifier
        let keys: KeySetCache
        let now: NumericDate
        let uptime: Duration
    }

    private typealias Lists = Renewal<StatusList, StatusListError>

    private struct Entry {
        var list = Lists()
        var lastUse: Duration
    }

    private let outage: Outage
    private let options: Options
    private let uptime: @Sendable () -> Duration
    private let fetch: @Sendable (String) async throws -> [UInt8]
    /// By address, as bytes: Swift takes texts for equal that are written with other code points.
    private let entries = Guarded<[[UInt8]: Entry]>([:])

    /// Creates an empty cache; nothing is fetched before a status is asked for.
    ///
    /// - Parameters:
    ///   - outage: What is done while a list cannot be had.
    ///   - options: What may be chosen.
    ///   - fetch: Downloads a list from the address that it is given, over TLS and without redirects to another host. It
    ///     must end by itself, and should refuse to read more than ``StatusList/Limits/tokenBytes``. An error that it
    ///     throws is not kept: log it there.
    /// - Precondition: There is room for a list, and no age is below another that it should be above.
    public convenience init(
        inOutage outage: Outage, options: Options = Options(),
        fetch: @escaping @Sendable (String) async throws -> [UInt8]
    ) {
        let start = ContinuousClock.now
        self.init(inOutage: outage, options: options, uptime: { start.duration(to: .now) }, fetch: fetch)
    }

    /// Creates a cache that reads a clock of the caller's.
    ///
    /// - Parameters:
    ///   - outage: What is done while a list cannot be had.
    ///   - options: What may be chosen.
    ///   - uptime: The time since some instant; it must not go back.
    ///   - fetch: Downloads a list.
    package init(
        inOutage outage: Outage, options: Options, uptime: @escaping @Sendable () -> Duration,
        fetch: @escaping @Sendable (String) async throws -> [UInt8]
    ) {
        precondition(options.maximumLists > 0, "a cache of status lists has room for one")
        precondition(options.minimumAge <= options.maximumAge, "the least age of a list is not above the most")
        self.outage = outage
        self.options = options
        self.uptime = uptime
        self.fetch = fetch
    }

    /// Whether a token without a place in a status list is refused.
    var requiresStatus: Bool { options.requiresStatus }

    /// Returns the list at an address that was found to be the issuer's.
    ///
    /// - Returns: A list that has not expired; `nil` if there is none and the token is to be accepted all the same.
    func list(
        at uri: String, for verifier: Verifier, keys: KeySetCache, at now: NumericDate
    ) async throws(StatusListError) -> StatusList? {
        let lookup = Lookup(uri: uri, verifier: verifier, keys: keys, now: now, uptime: uptime())
        let (step, lastFailure) = entries.withLock { next(&$0, lookup) }
        switch step {
        case .use(let list):
            return list
        case .fallBack(let copy):
            guard canGoOn(with: copy) else { throw lastFailure ?? .unavailable }
            return copy
        case .wait(let flight, let copy):
            // Where the last fetch has failed and there is a way without, nobody waits for the next to fail.
            if lastFailure != nil, canGoOn(with: copy) { return copy }
            switch await flight.value {
            case .success(let list): return list
            case .failure(let error):
                guard canGoOn(with: copy) else { throw error }
                return copy
            }
        }
    }

    private func next(
        _ entries: inout [[UInt8]: Entry], _ lookup: Lookup
    ) -> (Lists.Step, lastFailure: StatusListError?) {
        let key = Array(lookup.uri.utf8)
        if entries[key] == nil, entries.count >= options.maximumLists {
            let oldest = entries.min { $0.value.lastUse < $1.value.lastUse }
            entries[oldest?.key ?? key] = nil
        }
        var entry = entries[key] ?? Entry(lastUse: lookup.uptime)
        entry.lastUse = lookup.uptime
        let need = need(of: &entry.list, lookup)
        let step = entry.list.step(need, at: lookup.uptime, interval: options.minimumInterval) {
            // Detached: it serves all who wait, so it must not end, or be traced, with the one who came first.
            Task.detached { await self.land(lookup) }
        }
        entries[key] = entry
        return (step, entry.list.lastFailure)
    }

    /// Forgets a list that is void, and says how badly a new one is needed.
    private func need(of list: inout Lists, _ lookup: Lookup) -> Lists.Need {
        guard let copy = list.copy?.value, let age = list.age(at: lookup.uptime) else { return .now }
        let maximumAge = min(max(copy.timeToLive ?? options.defaultAge, options.minimumAge), options.maximumAge)
        // Token Status List §8.3: an expired list must not be relied on; one that never expires not longer than its ttl.
        guard copy.isUnexpired(at: lookup.now), copy.expires != nil || age < maximumAge else {
            list.dropCopy()
            return .now
        }
        if age < maximumAge * 3 / 4 { return .none }
        return age < maximumAge ? .soon : .now
    }

    private func canGoOn(with copy: StatusList?) -> Bool {
        switch outage {
        case .refuse: false
        case .goOnUntilListExpires: copy != nil
        case .goOnUntilTokenExpires: true
        }
    }

    /// Fetches a list, and ends the flight with it or without.
    private func land(_ lookup: Lookup) async -> Result<StatusList, StatusListError> {
        let fetched = await fetched(lookup)
        if case .failure(let error) = fetched { options.onFailure(lookup.uri, error) }
        return entries.withLock { entries in
            let key = Array(lookup.uri.utf8)
            guard var entry = entries[key] else { return fetched }  // It has made room for another.
            let newest = Self.newest(
                of: fetched, and: entry.list.copy?.value, leeway: lookup.verifier.rules.startLeeway)
            entry.list.land(newest, at: uptime())
            entries[key] = entry
            return newest
        }
    }

    /// Returns what was fetched, unless the copy was made later.
    ///
    /// A list that a cache on the way has kept, or that somebody has, would make a token good again that was revoked. By less than
    /// the leeway nothing is later: it may come from another replica, whose clock is behind, and know more.
    private static func newest(
        of fetched: Result<StatusList, StatusListError>, and copy: StatusList?, leeway: Duration
    ) -> Result<StatusList, StatusListError> {
        guard case .success(let list) = fetched, let copy, copy.issuedAt > list.issuedAt + leeway else {
            return fetched
        }
        return .success(copy)
    }

    private func fetched(_ lookup: Lookup) async -> Result<StatusList, StatusListError> {
        let bytes: [UInt8]
        do { bytes = try await fetch(lookup.uri) } catch { return .failure(.unavailable) }
        do throws(StatusListError) {
            // The list may have been made while it was waited for.
            let now = lookup.now + (uptime() - lookup.uptime)
            return .success(
                try await lookup.verifier.statusList(
                    parsing: bytes, for: lookup.uri, keys: lookup.keys, limits: options.limits, at: now))
        } catch {
            return .failure(error)
        }
    }
}

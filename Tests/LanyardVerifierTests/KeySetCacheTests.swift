// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCoding
import LanyardCrypto
import LanyardVerifier
import Testing

@Suite struct `Key set cache` {
    @Test func `fetches when a set is first asked for, and then when it is too old`() async throws {
        let source = try Source(sets: 3)
        let cache = source.cache()
        #expect(source.fetches == 0)
        #expect(try await cache.keys(for: source.ids[0]).keyIDs == [source.ids[0]])
        source.advance(by: .seconds(299))
        #expect(try await cache.keys(for: source.ids[0]).keyIDs == [source.ids[0]])
        #expect(source.fetches == 1)
        source.advance(by: .seconds(61))
        #expect(try await cache.keys(for: source.ids[0]).keyIDs == [source.ids[1]])
        #expect(source.fetches == 2)
        #expect(try await cache.keys(for: nil).keyIDs == [source.ids[1]])
        #expect(source.fetches == 2)
    }

    @Test func `fetches for an unknown key, but not more often than every 30 s`() async throws {
        let source = try Source(sets: 3)
        let cache = source.cache()
        _ = try await cache.keys(for: nil)
        source.advance(by: .seconds(29))
        for forged in 0..<100 {
            #expect(try await cache.keys(for: "forged \(forged)").keyIDs == [source.ids[0]])
        }
        #expect(source.fetches == 1)
        source.advance(by: .seconds(1))
        for _ in 0..<100 {
            #expect(try await cache.keys(for: source.ids[1]).keyIDs == [source.ids[1]])
        }
        #expect(source.fetches == 2)
        #expect(try await cache.keys(for: "forged").keyIDs == [source.ids[1]])
        #expect(source.fetches == 2)
    }

    @Test func `has one fetch under way, however many ask`() async throws {
        let source = try Source(sets: 2)
        let gate = Gate()
        let cache = source.cache { await gate.wait() }
        let answers = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<50 {
                group.addTask { try await cache.keys(for: nil).keyIDs }
            }
            // Each asks for the time once when it decides; after that, all of them wait or are about to.
            try await source.wait { $0.clockReads == 50 }
            await gate.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == Array(repeating: [source.ids[0]], count: 50))
        #expect(source.fetches == 1)
    }

    @Test func `goes on with the fetch when who asked first has gone`() async throws {
        let source = try Source(sets: 1)
        let gate = Gate()
        let cache = source.cache { await gate.wait() }
        let first = Task { try await cache.keys(for: nil).keyIDs }
        try await source.wait { $0.fetches == 1 }
        first.cancel()
        let second = Task { try await cache.keys(for: nil).keyIDs }
        await gate.open()
        #expect(try await second.value == source.ids)
        #expect(source.fetches == 1)
    }

    @Test func `uses an old copy at once for a minute while a new one is fetched`() async throws {
        let source = try Source(sets: 2)
        let gate = Gate()
        let cache = source.cache { if source.fetches > 1 { await gate.wait() } }
        _ = try await cache.keys(for: nil)
        source.advance(by: .seconds(300))
        for _ in 0..<10 {
            #expect(try await cache.keys(for: source.ids[0]).keyIDs == [source.ids[0]])
        }
        source.advance(by: .seconds(60))
        let waiting = Task { try await cache.keys(for: source.ids[0]).keyIDs }
        try await source.wait { $0.fetches == 2 }
        await gate.open()
        #expect(try await waiting.value == [source.ids[1]])
        #expect(source.fetches == 2)
    }

    @Test func `keeps a copy for a day while the issuer is away, and not longer`() async throws {
        let source = try Source(sets: 1)
        let cache = source.cache()
        _ = try await cache.keys(for: nil)
        source.advance(by: .seconds(86_399))
        #expect(try await cache.keys(for: source.ids[0]).keyIDs == source.ids)
        #expect(source.fetches == 2)
        // The fetch has just failed; no other for a minute.
        #expect(try await cache.keys(for: source.ids[0]).keyIDs == source.ids)
        #expect(source.fetches == 2)
        source.advance(by: .seconds(1))
        await #expect(throws: KeySetError.unavailable) { try await cache.keys(for: source.ids[0]) }
        #expect(source.fetches == 3)
    }

    @Test func `tries again a second after a failure when there is nothing to use`() async throws {
        let source = try Source(sets: 0)
        let cache = source.cache()
        for _ in 0..<10 {
            await #expect(throws: KeySetError.unavailable) { try await cache.keys(for: nil) }
        }
        #expect(source.fetches == 1)
        source.advance(by: .seconds(1))
        await #expect(throws: KeySetError.unavailable) { try await cache.keys(for: nil) }
        #expect(source.fetches == 2)
    }

    @Test(arguments: ["", "{}", #"{"keys":[{"kty":"oct","k":"AAAA"}]}"#, String(repeating: " ", count: 300_000)])
    func `takes a document that is no key set for a failure`(document: String) async throws {
        let source = try Source(sets: 1)
        let cache = source.cache()
        _ = try await cache.keys(for: nil)
        source.append(Array(document.utf8))
        source.advance(by: .seconds(400))
        #expect(try await cache.keys(for: source.ids[0]).keyIDs == source.ids)
        #expect(source.fetches == 2)
    }

    @Test func `serves a verifier`() async throws {
        let issuer = try TestIssuer()
        let token = try issuer.token(issuer.claims)
        let verifier = Verifier(issuer: issuer.name, audience: "api")
        let json = issuer.keys.json
        let cache = KeySetCache { json }
        #expect(try await verifier.verify(token, keys: cache, at: 1_700_000_000).subject == "account")
        await #expect(throws: TokenError.malformed(.structure)) {
            try await verifier.verify("no token", keys: cache, at: 1_700_000_000)
        }
        let broken = KeySetCache { throw KeySetError.unavailable }
        await #expect(throws: TokenError.keysUnavailable) {
            try await verifier.verify(token, keys: broken, at: 1_700_000_000)
        }
    }
}

/// An issuer whose key set is another one at each fetch, and that is away after the last; and a clock.
private final class Source: Sendable {
    private struct State {
        var documents: [[UInt8]]
        var fetches = 0
        var uptime: Duration = .seconds(1_000)
        var clockReads = 0
    }

    let ids: [String]
    private let state: Guarded<State>

    init(sets: Int) throws {
        let issuers = try (0..<sets).map { _ in try TestIssuer() }
        ids = issuers.compactMap(\.jwk.id)
        state = Guarded(State(documents: issuers.map(\.keys.json)))
    }

    var fetches: Int { state.withLock { $0.fetches } }
    var clockReads: Int { state.withLock { $0.clockReads } }

    func advance(by duration: Duration) { state.withLock { $0.uptime += duration } }

    /// Waits until the condition holds, for 60 s at most.
    func wait(until condition: (Source) -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while !condition(self) {
            try #require(ContinuousClock.now < end)
            await Task.yield()
        }
    }

    func append(_ document: [UInt8]) { state.withLock { $0.documents.append(document) } }

    func cache(pause: @escaping @Sendable () async -> Void = {}) -> KeySetCache {
        KeySetCache(
            options: KeySetCache.Options(),
            uptime: {
                self.state.withLock { state in
                    state.clockReads += 1
                    return state.uptime
                }
            },
            fetch: {
                let document = self.state.withLock { state in
                    defer { state.fetches += 1 }
                    return state.fetches < state.documents.count ? state.documents[state.fetches] : nil
                }
                await pause()
                guard let document else { throw KeySetError.unavailable }
                return document
            })
    }
}

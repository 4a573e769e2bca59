// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCoding
import LanyardVerifier
import Testing

@Suite struct `Status list cache` {
    /// All outages, for what does not depend on them.
    static let outages: [StatusListCache.Outage] = [.refuse, .goOnUntilListExpires, .goOnUntilTokenExpires]

    @Test(arguments: outages)
    func `lets good tokens through, and no others`(outage: StatusListCache.Outage) async throws {
        let service = try Service(inOutage: outage)
        try service.answer { try $0.list(revoked: [4_710, 4_712]) }
        #expect(try await service.verify().subject == "account")
        for (value, error) in [(1, TokenError.revoked), (2, .suspended), (3, .unknownStatus(value: 3))] {
            let service = try Service(inOutage: outage)
            try service.answer { issuer in
                var bytes = [UInt8](repeating: 0, count: 4_096)
                bytes[4_711 / 4] = UInt8(value) << 6
                return try issuer.list(issuer.listClaims(bytes, bits: 2))
            }
            await #expect(throws: error) { try await service.verify() }
        }
    }

    @Test(arguments: outages)
    func `refuses an index that the list does not have`(outage: StatusListCache.Outage) async throws {
        let service = try Service(inOutage: outage)
        try service.answer { try $0.list() }
        let last = try service.token(index: 8_191)
        _ = try await service.verify(last)
        let none = try service.token(index: 8_192)
        await #expect(throws: TokenError.statusOutOfRange(index: 8_192)) { try await service.verify(none) }
    }

    @Test(arguments: outages)
    func `asks for no list before the token is found good`(outage: StatusListCache.Outage) async throws {
        let service = try Service(inOutage: outage)
        var claims = service.issuer.claims
        claims["exp"] = 1_699_999_000
        let expired = try service.issuer.token(claims)
        await #expect(throws: TokenError.expired(at: 1_699_999_000)) { try await service.verify(expired) }
        let forged = try TestIssuer().token(service.issuer.claims)
        await #expect(throws: TokenError.self) { try await service.verify(forged) }
        #expect(service.fetched.isEmpty)
    }

    @Test(arguments: outages)
    func `asks nobody but the issuer`(outage: StatusListCache.Outage) async throws {
        let service = try Service(inOutage: outage)
        for uri in ["https://other.example/status/1", "https://issuer.example/status/1?a", "http://[::1]/status/1"] {
            let token = try service.token(uri: uri)
            await #expect(throws: TokenError.foreignStatusList(uri: uri)) { try await service.verify(token) }
        }
        #expect(service.fetched.isEmpty)
    }

    @Test func `accepts a token without a status unless one is asked for`() async throws {
        var claims = try TestIssuer().claims
        for status: JSONValue? in [nil, ["other": [:]]] {
            claims["status"] = status
            let service = try Service(inOutage: .refuse)
            let token = try service.issuer.token(claims)
            #expect(try await service.verify(token).status == nil)
            var options = StatusListCache.Options()
            options.requiresStatus = true
            let strict = try Service(inOutage: .goOnUntilTokenExpires, options)
            let other = try strict.issuer.token(claims)
            await #expect(throws: TokenError.missingStatus) { try await strict.verify(other) }
            #expect(service.fetched.isEmpty && strict.fetched.isEmpty)
        }
    }

    @Test func `fetches again when the ttl asks for it, and sees who was revoked`() async throws {
        let service = try Service(inOutage: .refuse)
        try service.answer { try $0.list() }
        try service.answer { try $0.list(revoked: [4_711]) }
        _ = try await service.verify()
        service.advance(by: .seconds(44))
        _ = try await service.verify()
        #expect(service.fetched.count == 1)
        service.advance(by: .seconds(16))
        await #expect(throws: TokenError.revoked) { try await service.verify() }
        #expect(service.fetched == [TestIssuer.listURI, TestIssuer.listURI])
    }

    @Test func `fetches a little before the ttl has passed, and lets nobody wait for that`() async throws {
        let service = try Service(inOutage: .refuse)
        let gate = Gate()
        try service.answer { try $0.list() }
        try service.answer { try $0.list(revoked: [4_711]) }
        _ = try await service.verify()
        service.pause { await gate.wait() }
        service.advance(by: .seconds(45))
        for _ in 0..<10 { _ = try await service.verify() }
        #expect(await !gate.isOpen)
        try await service.wait { $0.fetched.count == 2 }
        await gate.open()
        try await service.wait { service in
            do { _ = try await service.verify() } catch TokenError.revoked { return true }
            return false
        }
        #expect(service.fetched.count == 2)
    }

    struct Age: Sendable, CustomTestStringConvertible {
        let ttl: Int64?, seconds: Int
        var testDescription: String { "ttl \(ttl.map(String.init) ?? "none")" }
    }

    @Test(arguments: [
        Age(ttl: 1, seconds: 5), Age(ttl: 5, seconds: 5), Age(ttl: 60, seconds: 60), Age(ttl: 3_599, seconds: 3_599),
        Age(ttl: 3_601, seconds: 3_600), Age(ttl: 253_402_300_799, seconds: 3_600), Age(ttl: nil, seconds: 300),
    ])
    func `uses a list for its ttl, but for 5 s at least and for an hour at most`(age: Age) async throws {
        let service = try Service(inOutage: .refuse)
        try service.answer { issuer in
            var claims = issuer.listClaims(TestIssuer.bytes(revoked: []), ttl: age.ttl)
            claims["exp"] = nil
            return try issuer.list(claims)
        }
        _ = try await service.verify()
        service.advance(by: .milliseconds(1_000 * age.seconds - 1))
        _ = try await service.verify()
        service.advance(by: .milliseconds(1))
        await #expect(throws: TokenError.statusUnavailable) { try await service.verify() }
    }

    @Test func `in an outage refuses after the ttl, if that was chosen`() async throws {
        let service = try Service(inOutage: .refuse)
        try service.answer { try $0.list() }
        _ = try await service.verify()
        service.advance(by: .seconds(60))
        for _ in 0..<10 { await #expect(throws: TokenError.statusUnavailable) { try await service.verify() } }
        #expect(service.fetched.count == 2)
        try service.answer { try $0.list() }
        service.advance(by: .milliseconds(999))
        await #expect(throws: TokenError.statusUnavailable) { try await service.verify() }
        service.advance(by: .milliseconds(1))
        _ = try await service.verify()
        #expect(service.fetched.count == 3)
        #expect(service.failures == [.unavailable])
    }

    @Test func `in an outage goes on with the old list until that expires, if that was chosen`() async throws {
        let service = try Service(inOutage: .goOnUntilListExpires)
        let revoked = try service.token(index: 7)
        try service.answer { try $0.list(revoked: [7]) }
        _ = try await service.verify()
        service.advance(by: .seconds(3_599))
        _ = try await service.verify(service.freshToken())
        await #expect(throws: TokenError.revoked) { try await service.verify(service.freshToken(index: 7)) }
        await #expect(throws: TokenError.expired(at: 1_700_000_600)) { try await service.verify(revoked) }
        service.advance(by: .seconds(1))
        await #expect(throws: TokenError.statusUnavailable) { try await service.verify(service.freshToken()) }
    }

    @Test func `in an outage does not go on for ever with a list that never expires`() async throws {
        let service = try Service(inOutage: .goOnUntilListExpires)
        try service.answer { issuer in
            var claims = issuer.listClaims(TestIssuer.bytes(revoked: []))
            claims["exp"] = nil
            return try issuer.list(claims)
        }
        _ = try await service.verify()
        service.advance(by: .seconds(60))
        await #expect(throws: TokenError.statusUnavailable) { try await service.verify() }
    }

    @Test func `in an outage goes on without a list until the token expires, if that was chosen`() async throws {
        let service = try Service(inOutage: .goOnUntilTokenExpires)
        _ = try await service.verify()
        try service.answer { try $0.list(revoked: [4_711]) }
        service.advance(by: .seconds(1))
        try await service.wait { service in
            do { _ = try await service.verify() } catch TokenError.revoked { return true }
            return false
        }
        service.advance(by: .seconds(3_598))
        await #expect(throws: TokenError.revoked) { try await service.verify(service.freshToken()) }
        service.advance(by: .seconds(1))
        _ = try await service.verify(service.freshToken())
    }

    @Test(arguments: [.goOnUntilListExpires, .goOnUntilTokenExpires] as [StatusListCache.Outage])
    func `lets nobody wait for a fetch again that has just failed, where there is a way without`(
        outage: StatusListCache.Outage
    ) async throws {
        let service = try Service(inOutage: outage)
        try service.answer { try $0.list() }
        _ = try await service.verify()
        service.advance(by: .seconds(60))
        _ = try await service.verify()
        #expect(service.fetched.count == 2)
        let gate = Gate()
        service.pause { await gate.wait() }
        service.advance(by: .seconds(1))
        for _ in 0..<10 { _ = try await service.verify() }
        #expect(await !gate.isOpen)
        try await service.wait { $0.fetched.count == 3 }
        await gate.open()
    }

    @Test func `takes a list that cannot be trusted for none, and says so`() async throws {
        for outage in Self.outages {
            let service = try Service(inOutage: outage)
            try service.answer { _ in Array("no list".utf8) }
            if outage == .goOnUntilTokenExpires {
                _ = try await service.verify()
            } else {
                await #expect(throws: TokenError.badStatusList(.malformed(.structure))) { try await service.verify() }
            }
            #expect(service.failures == [.malformed(.structure)])
        }
        let service = try Service(inOutage: .goOnUntilListExpires)
        try service.answer { try $0.list(revoked: [1]) }
        try service.answer { _ in try TestIssuer().list() }
        _ = try await service.verify()
        service.advance(by: .seconds(60))
        _ = try await service.verify()
        await #expect(throws: TokenError.revoked) { try await service.verify(service.freshToken(index: 1)) }
        #expect(service.failures.count == 1)
    }

    @Test func `never goes back to a list that was made before the one it has`() async throws {
        for outage in Self.outages {
            let service = try Service(inOutage: outage)
            try service.answer { try $0.list(revoked: [4_711]) }
            try service.answer { issuer in
                var claims = issuer.listClaims(TestIssuer.bytes(revoked: []))
                claims["iat"] = 1_699_999_969
                return try issuer.list(claims)
            }
            await #expect(throws: TokenError.revoked) { try await service.verify() }
            service.advance(by: .seconds(60))
            await #expect(throws: TokenError.revoked) { try await service.verify() }
            #expect(service.fetched.count == 2)
        }
    }

    @Test func `takes the list of a replica whose clock is behind`() async throws {
        let service = try Service(inOutage: .refuse)
        try service.answer { try $0.list(revoked: []) }
        try service.answer { issuer in
            var claims = issuer.listClaims(TestIssuer.bytes(revoked: [4_711]))
            claims["iat"] = 1_699_999_970
            return try issuer.list(claims)
        }
        _ = try await service.verify()
        service.advance(by: .seconds(60))
        await #expect(throws: TokenError.revoked) { try await service.verify() }
    }

    @Test func `has one fetch of a list under way, however many ask`() async throws {
        let service = try Service(inOutage: .refuse)
        let gate = Gate()
        try service.answer { try $0.list() }
        service.pause { await gate.wait() }
        let token = try service.token()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { _ = try await service.verify(token) } }
            // Each asks for the time once when it decides; after that, all of them wait or are about to.
            try await service.wait { $0.clockReads == 50 }
            await gate.open()
            try await group.waitForAll()
        }
        #expect(service.fetched.count == 1)
    }

    @Test func `goes on with the fetch when who asked first has gone`() async throws {
        let service = try Service(inOutage: .refuse)
        let gate = Gate()
        try service.answer { try $0.list() }
        service.pause { await gate.wait() }
        let token = try service.token()
        let first = Task { try await service.verify(token) }
        try await service.wait { $0.fetched.count == 1 }
        first.cancel()
        let second = Task { try await service.verify(token) }
        await gate.open()
        #expect(try await second.value.subject == "account")
        #expect(service.fetched.count == 1)
    }

    @Test func `accepts a list that was made while it was waited for`() async throws {
        let service = try Service(inOutage: .refuse, leeway: .zero)
        service.pause { service.advance(by: .seconds(3)) }
        try service.answer { issuer in
            var claims = issuer.listClaims(TestIssuer.bytes(revoked: []))
            claims["iat"] = 1_700_000_003
            return try issuer.list(claims)
        }
        _ = try await service.verify()
    }

    @Test func `keeps each list by itself, and as many as there is room for`() async throws {
        var options = StatusListCache.Options()
        options.maximumLists = 2
        let service = try Service(inOutage: .refuse, options)
        let uris = (1...3).map { "https://issuer.example/status/\($0)" }
        for (number, uri) in uris.enumerated() {
            try service.answer { issuer in
                var claims = issuer.listClaims(TestIssuer.bytes(revoked: [number]))
                claims["sub"] = .string(uri)
                return try issuer.list(claims)
            }
        }
        for (number, uri) in uris.enumerated() {
            let revoked = try service.token(index: Int64(number), uri: uri)
            await #expect(throws: TokenError.revoked) { try await service.verify(revoked) }
            let good = try service.token(index: Int64(number + 1), uri: uri)
            _ = try await service.verify(good)
            service.advance(by: .seconds(1))
        }
        #expect(service.fetched == uris)
        // The third has taken the place of the first.
        let second = try service.token(index: 0, uri: uris[1])
        _ = try await service.verify(second)
        #expect(service.fetched == uris)
        let first = try service.token(index: 1, uri: uris[0])
        await #expect(throws: TokenError.statusUnavailable) { try await service.verify(first) }
        #expect(service.fetched == uris + [uris[0]])
    }

    @Test func `fetches the key that a list is signed with, and says when there is none`() async throws {
        let service = try Service(inOutage: .refuse)
        try service.answer { try $0.list() }
        let cache = KeySetCache { throw StatusListError.unavailable }
        let token = try service.token()
        await #expect(throws: TokenError.keysUnavailable) {
            try await service.verifier.verify(token, keys: cache, statuses: service.statuses, at: service.now)
        }
        #expect(service.fetched.isEmpty)
    }
}

/// A service that checks tokens, with an issuer whose list is another one at each fetch, and that is away after the last;
/// and a clock.
private final class Service: Sendable {
    private struct State {
        var answers: [[UInt8]] = []
        var fetched: [String] = []
        var failures: [StatusListError] = []
        var uptime: Duration = .seconds(1_000)
        var clockReads = 0
        var pause = Pause {}
    }

    private struct Pause: Sendable {
        let body: @Sendable () async -> Void
        init(_ body: @escaping @Sendable () async -> Void) { self.body = body }
    }

    let issuer: TestIssuer
    let verifier: Verifier
    let statuses: StatusListCache
    private let keys: KeySetCache
    private let state: Guarded<State>

    init(
        inOutage outage: StatusListCache.Outage, _ options: StatusListCache.Options = StatusListCache.Options(),
        leeway: Duration = .seconds(30)
    ) throws {
        let issuer = try TestIssuer()
        let state = Guarded(State())
        var options = options
        options.onFailure = { _, error in state.withLock { $0.failures.append(error) } }
        var rules = Verifier.Options()
        rules.leeway = leeway
        verifier = Verifier(issuer: issuer.name, audience: "api", options: rules)
        statuses = StatusListCache(
            inOutage: outage, options: options,
            uptime: {
                state.withLock { state in
                    state.clockReads += 1
                    return state.uptime
                }
            },
            fetch: { uri in
                let (answer, pause) = state.withLock { state in
                    state.fetched.append(uri)
                    return (state.answers.isEmpty ? nil : state.answers.removeFirst(), state.pause)
                }
                await pause.body()
                guard let answer else { throw StatusListError.unavailable }
                return answer
            })
        keys = KeySetCache { issuer.keys.json }
        self.issuer = issuer
        self.state = state
    }

    var fetched: [String] { state.withLock { $0.fetched } }
    var failures: [StatusListError] { state.withLock { $0.failures } }
    var clockReads: Int { state.withLock { $0.clockReads } }
    var now: NumericDate { 1_699_999_000 + state.withLock { $0.uptime } }

    func answer(_ make: (TestIssuer) throws -> [UInt8]) throws {
        let answer = try make(issuer)
        state.withLock { $0.answers.append(answer) }
    }

    func advance(by duration: Duration) { state.withLock { $0.uptime += duration } }

    /// Lets each fetch from now on wait.
    func pause(_ body: @escaping @Sendable () async -> Void) { state.withLock { $0.pause = Pause(body) } }

    /// A token of 600 s from the time of the vectors.
    func token(index: Int64 = 4_711, uri: String = TestIssuer.listURI) throws -> String {
        var claims = issuer.claims
        claims["status"] = ["status_list": ["idx": .number(JSONNumber(index)), "uri": .string(uri)]]
        return try issuer.token(claims)
    }

    /// A token that was issued now.
    func freshToken(index: Int64 = 4_711) throws -> String {
        var claims = issuer.claims
        claims["exp"] = JSONNumber(now.secondsSinceEpoch + 600).map(JSONValue.number)
        claims["status"] = ["status_list": ["idx": .number(JSONNumber(index)), "uri": .string(TestIssuer.listURI)]]
        return try issuer.token(claims)
    }

    /// Verifies a token now; without one, a token that was issued now.
    @discardableResult
    func verify(_ token: String? = nil) async throws -> VerifiedToken {
        try await verifier.verify(token ?? freshToken(), keys: keys, statuses: statuses, at: now)
    }

    /// Waits until the condition holds, for 60 s at most.
    func wait(until condition: (Service) async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while try await !condition(self) {
            try #require(ContinuousClock.now < end)
            await Task.yield()
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCore
import LanyardPasswords
import LanyardStore
import TestSupport
import Testing

/// What a login costs for a name that is no account: what it costs for the accounts there are.
@Suite struct `A login with an unknown name` {
    static let live = "argon2id m=8192 t=1 p=1 salt=16 digest=32"
    static let old = "argon2id m=64 t=1 p=1 salt=16 digest=32"
    static let older = "argon2id m=32 t=2 p=1 salt=8 digest=16"

    /// The kinds of all hashes that were computed.
    private static func fixture(_ kinds: Guarded<[String]>) async throws -> ServiceFixture {
        try await ServiceFixture(
            derive: { (password, scheme, length) throws(PasswordHashError) in
                if case .argon2id(let cost, let salt) = scheme {
                    kinds.withLock {
                        $0.append(
                            "argon2id m=\(cost.memoryKiB) t=\(cost.iterations) p=\(cost.parallelism)"
                                + " salt=\(salt.count) digest=\(length)")
                    }
                }
                return try PasswordScheme.derivation(password, scheme, length)
            })
    }

    /// Adds accounts with hashes of a kind, by an older release if `isFilledIn` is false.
    private static func add(
        _ count: Int, of kind: String, to fixture: ServiceFixture, isFilledIn: Bool = true
    ) async throws {
        let hash = try #require(PasswordHashKind(kind)).unmatchable { [UInt8](repeating: 1, count: $0) }
        for number in 0..<count {
            let name = "\(kind) \(number)"
            let stored = try fixture.keyring.passwords.stored(hash, account: AccountID(name))
            let account = Account(
                id: AccountID(name), name: name, nameKey: name, email: nil, roles: [], claims: "{}",
                password: stored.sealed,
                scheme: isFilledIn ? stored.scheme : nil, createdAt: fixture.clock.now)
            try await fixture.store.add(account)
        }
    }

    @Test func `computes hashes of the kinds that accounts have, in their proportions`() async throws {
        let kinds = Guarded<[String]>([])
        let fixture = try await Self.fixture(kinds)
        try await Self.add(29, of: Self.old, to: fixture)
        try await Self.add(10, of: Self.older, to: fixture)
        await fixture.decoyKeeper.begin()
        kinds.withLock { $0 = [] }
        for number in 0..<120 { #expect(try fixture.logIn(as: "nobody\(number)").status == 401) }
        let counts = Dictionary(grouping: kinds.withLock { $0 }) { $0 }.mapValues(\.count)
        #expect(counts.values.reduce(0, +) == 120)
        // 1 of 40 accounts is alice, at the live parameters. Bounds of five standard deviations.
        #expect((0...16).contains(counts[Self.live] ?? 0), "\(counts)")
        #expect((63...111).contains(counts[Self.old] ?? 0), "\(counts)")
        #expect((6...54).contains(counts[Self.older] ?? 0), "\(counts)")
    }

    @Test func `computes the same kind for a name each time, in whatever case`() async throws {
        let kinds = Guarded<[String]>([])
        let fixture = try await Self.fixture(kinds)
        try await Self.add(1, of: Self.old, to: fixture)
        await fixture.decoyKeeper.begin()
        for number in 0..<10 {
            kinds.withLock { $0 = [] }
            for name in ["nobody\(number)", "NOBODY\(number)", "nobody\(number)"] { _ = try fixture.logIn(as: name) }
            #expect(Set(kinds.withLock { $0 }).count == 1)
        }
    }

    @Test(arguments: [
        String(repeating: "a", count: 129), "", "a\u{1}b", " alice", String(repeating: "\u{E9}", count: 2_000),
    ])
    func `that no account can have costs the same`(name: String) async throws {
        let kinds = Guarded<[String]>([])
        let fixture = try await Self.fixture(kinds)
        try await Self.replaceAlicesHash(of: fixture)
        await fixture.decoyKeeper.begin()
        kinds.withLock { $0 = [] }
        #expect(try fixture.logIn(as: name).status == 401)
        #expect(kinds.withLock { $0 } == [Self.old])
    }

    @Test func `costs what accounts do that an older release has written`() async throws {
        let kinds = Guarded<[String]>([])
        let fixture = try await Self.fixture(kinds)
        try await Self.replaceAlicesHash(of: fixture)
        // Two portions and a half.
        try await Self.add(1_250, of: Self.older, to: fixture, isFilledIn: false)
        await fixture.decoyKeeper.begin()
        kinds.withLock { $0 = [] }
        _ = try fixture.logIn(as: "nobody")
        #expect(kinds.withLock { $0 } == [Self.older])
        var schemes = try await fixture.store.passwordSchemes()
        #expect(schemes.counts == [Self.old: 1, Self.older: 500])
        for _ in 1...2 { #expect(await fixture.decoyKeeper.lookOnce() == .milliseconds(100)) }
        #expect(await fixture.decoyKeeper.lookOnce() == .seconds(5))
        schemes = try await fixture.store.passwordSchemes()
        #expect(schemes.counts == [Self.old: 1, Self.older: 1_250])
    }

    @Test func `follows what another replica has counted, and counts when that is old`() async throws {
        let fixture = try await Self.fixture(Guarded([]))
        try await Self.replaceAlicesHash(of: fixture)
        let decoys = fixture.decoys
        #expect(decoys.kind(for: "nobody").text == Self.live)
        _ = try await fixture.store.countPasswordSchemes(at: fixture.clock.now)
        _ = await fixture.decoyKeeper.lookOnce()
        #expect(decoys.kind(for: "nobody").text == Self.old)

        try await Self.add(100_000, of: Self.older, to: decoys)
        fixture.clock.advance(by: .seconds(59))
        _ = await fixture.decoyKeeper.lookOnce()
        let count = { try await fixture.store.passwordSchemes().countedAt }
        #expect(try await count() == fixture.clock.now + .seconds(-59))
        fixture.clock.advance(by: .seconds(1))
        _ = await fixture.decoyKeeper.lookOnce()
        #expect(try await count() == fixture.clock.now)
        #expect(decoys.kind(for: "nobody").text == Self.old)
    }

    /// Lets the decoys know of accounts that are not there.
    private static func add(_ count: Int64, of kind: String, to decoys: PasswordDecoys) async throws {
        decoys.adopt(PasswordSchemes(counts: [kind: count], countedAt: nil))
    }

    /// Gives alice a hash of the kind ``old``, which no password matches.
    private static func replaceAlicesHash(of fixture: ServiceFixture) async throws {
        let hash = try #require(PasswordHashKind(old)).unmatchable { [UInt8](repeating: 1, count: $0) }
        let stored = try fixture.keyring.passwords.stored(hash, account: fixture.alice.id)
        _ = try await fixture.store.replacePassword(
            fixture.alice.password, with: stored, ofAccount: fixture.alice.id)
    }

    @Test func `changes its kind for few names when the proportions change little`() async throws {
        let fixture = try await Self.fixture(Guarded([]))
        let names = (0..<2_000).map { "nobody\($0)" }
        let kinds = { (old: Int64, live: Int64) in
            fixture.decoys.adopt(PasswordSchemes(counts: [Self.old: old, Self.live: live], countedAt: nil))
            return names.map { fixture.decoys.kind(for: $0).text }
        }
        let before = kinds(5_000, 5_000), after = kinds(4_900, 5_100)
        let changed = zip(before, after).filter { $0 != $1 }
        #expect(changed.count < 60)
        // As owners who log in replace old hashes by new ones, so unknown names change in that direction alone.
        #expect(changed.allSatisfy { $0 == (Self.old, Self.live) })
    }

    @Test func `is checked against a seal as long as an account's`() async throws {
        let fixture = try await Self.fixture(Guarded([]))
        let password = Password("a password of bob")
        let real = try fixture.decoys.check(password, of: fixture.alice, named: "alice")
        let decoy = try fixture.decoys.check(password, of: nil, named: "bob")
        #expect(real.stored.phcString.utf8.count == decoy.stored.phcString.utf8.count)
        #expect(real.stored.kind == decoy.stored.kind)
        #expect(!real.isDecoy && decoy.isDecoy)
    }

    @Test func `passes over kinds that this release does not know`() async throws {
        let fixture = try await Self.fixture(Guarded([]))
        fixture.decoys.adopt(PasswordSchemes(counts: ["scheme of 2040": 5, "": 3, Self.old: 1], countedAt: nil))
        #expect((0..<20).allSatisfy { fixture.decoys.kind(for: "\($0)").text == Self.old })
        fixture.decoys.adopt(PasswordSchemes(counts: ["scheme of 2040": 5], countedAt: nil))
        #expect((0..<20).allSatisfy { fixture.decoys.kind(for: "\($0)").text == Self.live })
    }

    @Test func `does not stop on a hash that cannot be read`() async throws {
        let fixture = try await Self.fixture(Guarded([]))
        let account = Account(
            id: "b", name: "b", nameKey: "b", email: nil, roles: [], claims: "{}", password: [1],
            createdAt: fixture.clock.now)
        try await fixture.store.add(account)
        await fixture.decoyKeeper.begin()
        #expect(try await fixture.store.accountsWithoutScheme(limit: 1).isEmpty)
    }

    @Test func `is told the scheme of a right password that an older release has set`() async throws {
        let fixture = try await Self.fixture(Guarded([]))
        _ = try await fixture.store.replacePassword(
            fixture.alice.password, with: StoredPassword(sealed: fixture.alice.password, scheme: Self.old),
            ofAccount: fixture.alice.id)
        #expect(try fixture.logIn().status == 200)
        #expect(try await fixture.store.account(id: fixture.alice.id)?.scheme == Self.live)
    }
}

// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Store contract: status of service clients` {
    static func founded(
        _ kind: StoreKind, _ script: [Int], _ body: (any Store) async throws -> Void
    ) async throws {
        try await `Store contract: indices of status lists`.founded(kind, ScriptedDraw.lists(script)) { store in
            try await store.add(ClientContractTests.client())
            try await body(store)
        }
    }

    typealias ClientContractTests = `Store contract: service clients`

    static func assign(_ store: any Store, _ id: ClientID = "feeds") async throws -> StatusIndex? {
        try await store.assignStatusIndex(toClient: id)?.status
    }

    static func revoke(
        _ store: any Store, _ index: StatusIndex?, _ id: ClientID = "feeds", at now: UnixTime = Fixture.start
    ) async throws -> ClientTokensRevoked {
        try await store.revokeTokens(ofClient: id, at: index, at: now)
    }

    @Test(arguments: StoreKind.allCases)
    func `a client gets one index, and keeps it`(kind: StoreKind) async throws {
        try await Self.founded(kind, [5, 6]) { store in
            #expect(try await store.client(id: "feeds")?.status == nil)
            for _ in 0..<2 { #expect(try await Self.assign(store) == StatusIndex(list: 1, index: 5)) }
            let stored = try await store.client(id: "feeds")
            #expect(stored?.status == StatusIndex(list: 1, index: 5))
            #expect(try await Self.assign(store, "nobody") == nil)
        }
        try await Self.founded(kind, Array(1...50)) { store in
            let places = try await racing(20) { _ in try await Self.assign(store) }
            #expect(Set(places).count == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `no session gets the index of a client, and no client that of a session or of a bit`(
        kind: StoreKind
    ) async throws {
        try await Self.founded(kind, [5, 5, 6, 6, 7, 5, 6, 7, 8]) { store in
            #expect(try await Self.assign(store)?.index == 5)
            #expect(try await store.place("live", at: Fixture.start).index == 6)
            try await store.add(ClientContractTests.client("other"))
            #expect(try await Self.assign(store, "other")?.index == 7)
            #expect(try await Self.revoke(store, StatusIndex(list: 1, index: 5)) == .revoked)
            #expect(try await Self.assign(store)?.index == 8)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a revocation shows the bit until no token can be alive, and leaves room for a new index`(
        kind: StoreKind
    ) async throws {
        try await Self.founded(kind, [5, 9]) { store in
            let index = try #require(try await Self.assign(store))
            let version = try await store.statusVersion()
            #expect(try await Self.revoke(store, index) == .revoked)
            #expect(try await store.statusVersion() > version)
            // The longest access lifetime is 60 s.
            let bit = StatusBit(index, until: Fixture.start + .seconds(60 + 600))
            #expect(try await store.shown(at: Fixture.start) == [bit])
            let stored = try await store.client(id: "feeds")
            #expect(stored?.status == nil && stored?.tokensRevokedAt == Fixture.start)
            // Not again, nor with the index of the tokens that come after.
            #expect(try await Self.revoke(store, index, at: Fixture.start + .seconds(5)) == .revokedBefore)
            #expect(try await Self.assign(store)?.index == 9)
            #expect(try await Self.revoke(store, index, at: Fixture.start + .seconds(5)) == .revokedBefore)
            #expect(try await store.shown(at: Fixture.start) == [bit])
            #expect(try await Self.revoke(store, nil, "nobody") == .unknown)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a revocation of tokens without an index sets the bit of those that have one`(kind: StoreKind) async throws {
        try await Self.founded(kind, [5]) { (store: any Store) async throws in
            #expect(try await Self.revoke(store, nil) == .revoked)
            #expect(try await store.shown(at: Fixture.start) == [])
            #expect(try await Self.assign(store)?.index == 5)
            #expect(try await Self.revoke(store, nil) == .revoked)
            #expect(try await store.shown(at: Fixture.start).map(\.index.index) == [5])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `the removal of a client sets its bit, and the next client of its name has nothing of it`(
        kind: StoreKind
    ) async throws {
        try await Self.founded(kind, [5, 5, 6]) { store in
            let index = try #require(try await Self.assign(store))
            #expect(try await store.removeClient(id: "feeds", at: Fixture.start))
            #expect(try await store.shown(at: Fixture.start).map(\.index) == [index])
            try await store.add(ClientContractTests.client())
            #expect(try await store.client(id: "feeds")?.status == nil)
            #expect(try await Self.assign(store)?.index == 6)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `clients count where it is counted how full a list is`(kind: StoreKind) async throws {
        let drawing = ScriptedDraw.lists(Array(0..<16), listSize: 16)
        try await `Store contract: indices of status lists`.founded(kind, drawing) { store in
            for id in 0..<8 {
                try await store.add(ClientContractTests.client("\(id)"))
                #expect(try await Self.assign(store, "\(id)")?.list == 1)
            }
            try await store.tendStatusLists()
            #expect(try await store.listNumbers() == [1, 2])
            #expect(try await store.place("session", at: Fixture.start).list == 2)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Store contract: the audience at a refresh` {
    private static func advance(_ verdict: AudienceVerdict, generation: Int64 = 1) -> SessionAdvance {
        SessionAdvance(
            sessionID: "session", generation: generation, lifetimes: Fixture.lifetimes,
            judgeAudience: { audience, roles in
                #expect(audience == ["lanyard"])
                #expect(roles == Fixture.account().roles)
                return verdict
            })
    }

    private static func opened(_ kind: StoreKind, _ body: (any Store) async throws -> Void) async throws {
        try await withStore(kind) { store in
            try await store.add(Fixture.account())
            _ = try await store.opened(Fixture.opening(hasStatus: true), at: Fixture.start)
            try await body(store)
        }
    }

    @Test(arguments: StoreKind.allCases, [Duration.zero, .seconds(100)])
    func `that the account has lost ends the session, with its bit`(kind: StoreKind, age: Duration) async throws {
        try await Self.opened(kind) { store in
            let now = Fixture.start + age
            let advanced = try await store.advanced(Self.advance(.lost), at: now)
            guard case .over(.revoked, let session, isNews: true) = advanced else {
                throw Unexpected.answer("\(advanced)")
            }
            #expect(session.cause == .revoked && session.endedAt == now)
            #expect(
                try await store.advanced(Self.advance(.permitted), at: now) == .over(.revoked, session, isNews: false))
            #expect(try await store.shown(at: Fixture.start).count == 1)
        }
    }

    @Test(arguments: StoreKind.allCases, [Duration.zero, .seconds(100)])
    func `that this server does not serve changes nothing`(kind: StoreKind, age: Duration) async throws {
        try await Self.opened(kind) { store in
            let before = try await store.session(id: "session")?.session
            let advanced = try await store.advanced(Self.advance(.notServed), at: Fixture.start + age)
            #expect(advanced == before.map { .notServed($0) })
            #expect(try await store.session(id: "session")?.session == before)
            #expect(try await store.advanced(Self.advance(.permitted), at: Fixture.start + age).decision != nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `is not looked at for a stolen token`(kind: StoreKind) async throws {
        try await Self.opened(kind) { store in
            let stolen = try await store.advanced(Self.advance(.notServed, generation: -1), at: Fixture.start)
            guard case .reused = stolen else { throw Unexpected.answer("\(stolen)") }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Store contract: keys` {
    static let added = KeyRecord(
        kid: "added", algorithm: "EdDSA", state: .next, publicKey: [7], sealedPrivateKey: [8], createdAt: Fixture.start,
        signsFrom: Fixture.start + .seconds(3_600), lead: .milliseconds(3_600_001))

    @Test(arguments: StoreKind.allCases)
    func `adds, replaces and removes keys and secrets in one step`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let founding = Fixture.founding()
            var active = founding.keys[0]
            active.state = .active
            active.lead = .seconds(5)
            active.goneAt = Fixture.start + .seconds(9)
            active.leftAt = Fixture.start + .seconds(10)
            active.revokedAt = Fixture.start + .seconds(8)
            let refresh = SecretRecord(id: "second", purpose: .refresh, sealed: [9], createdAt: Fixture.start)
            var password = founding.secrets[1]
            password.sealed = [1, 2, 3]
            let change = KeyChange(
                keys: [Self.added, active], removedKeys: [founding.keys[1].kid], secrets: [refresh, password],
                removedSecrets: [founding.secrets[0].id])
            #expect(try await store.changeKeys(change, at: 0))

            let foundation = try #require(try await store.foundation())
            // What is stored anew keeps its place, what is added comes last.
            #expect(foundation.keys == [active, Self.added])
            #expect(foundation.secrets == [password, refresh])
            #expect(foundation.keyVersion == 1)
            #expect(try await store.keyVersion() == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `changes nothing at another version than the decision was made on`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let before = try await store.foundation()
            for version: Int64 in [-1, 1, 7] {
                let change = KeyChange(keys: [Self.added], removedKeys: before?.keys.map(\.kid) ?? [])
                #expect(try await store.changeKeys(change, at: version) == false)
            }
            #expect(try await store.foundation() == before)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `makes one of many changes that were decided on the same version`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let made = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<20 {
                    group.addTask {
                        var key = Self.added
                        key.kid = "added \(index)"
                        let change = KeyChange(keys: [key])
                        return try await store.changeKeys(change, at: 0)
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(made == 1)
            let foundation = try #require(try await store.foundation())
            #expect(foundation.keys.filter { $0.kid.text.hasPrefix("added") }.count == 1)
            #expect(foundation.keyVersion == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `counts what decisions on keys rest on and nothing else`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            try await store.add(Fixture.account())
            _ = try await store.opened(Fixture.opening(), at: Fixture.start)
            #expect(try await store.keyVersion() == 0)
            for (seconds, version) in [(60, 1), (60, 1), (30, 1), (61, 2)] {
                try await store.raiseLongestAccessLifetime(to: .seconds(seconds))
                #expect(try await store.keyVersion() == Int64(version))
            }
        }
    }
}

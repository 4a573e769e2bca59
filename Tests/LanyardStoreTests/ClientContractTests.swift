// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Store contract: service clients` {
    static func client(_ id: ClientID = "feeds", createdAt: UnixTime = Fixture.start) -> ServiceClient {
        ServiceClient(id: id, secretHash: [0, 255, 7], roles: ["reader", "a:b"], createdAt: createdAt)
    }

    @Test(arguments: StoreKind.allCases)
    func `gives back a client as it was added, by exactly its id`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            var bare = Self.client("bare", createdAt: UnixTime(milliseconds: -1))
            bare.roles = []
            bare.secretHash = []
            for client in [Self.client(), bare] {
                try await store.add(client)
                #expect(try await store.client(id: client.id) == client)
            }
            for id in ["Feeds", "feed", "feeds ", "feeds\u{0}", ""] as [ClientID] {
                #expect(try await store.client(id: id) == nil)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `refuses an id that another client or an account has, and changes nothing`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let client = Self.client()
            try await store.add(client)
            try await store.add(Fixture.account("alice", id: "billing"))
            for taken in [Self.client(createdAt: Fixture.start + .seconds(1)), Self.client("billing")] {
                await #expect(throws: StoreError.conflict) { try await store.add(taken) }
            }
            await #expect(throws: StoreError.conflict) {
                try await store.add(Fixture.account("bob", id: AccountID(client.id.text)))
            }
            #expect(try await store.clients(after: nil, limit: 10) == [client])
            #expect(try await store.accounts(after: nil, limit: 10).map(\.name) == ["alice"])
            // Names are no ids.
            try await store.add(Fixture.account("feeds", id: "1"))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `lists clients by the bytes of their ids, page by page`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let sorted: [ClientID] = ["-", ".", "0", ":", "A", "Z", "_", "a", "aa", "b"]
            for id in sorted.reversed() { try await store.add(Self.client(id)) }
            var pages: [[ClientID]] = []
            var last: ClientID?
            repeat {
                let page = try await store.clients(after: last, limit: 4)
                pages.append(page.map(\.id))
                last = page.last?.id
            } while last != nil
            #expect(pages == [["-", ".", "0", ":"], ["A", "Z", "_", "a"], ["aa", "b"], []])
            let after = try await store.clients(after: "ab", limit: 1)
            #expect(after.map(\.id) == ["b"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `removes a client, whose id is free then`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            for id in ["feeds", "other"] as [ClientID] { try await store.add(Self.client(id)) }
            #expect(try await store.removeClient(id: "feeds", at: Fixture.start))
            #expect(try await store.client(id: "feeds") == nil)
            #expect(try await store.removeClient(id: "feeds", at: Fixture.start) == false)
            #expect(try await store.clients(after: nil, limit: 9).map(\.id) == ["other"])
            try await store.add(Fixture.account("alice", id: "feeds"))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Store contract: service clients` {
    static func client(_ id: String = "feeds", createdAt: UnixTime = Fixture.start) -> ServiceClient {
        ServiceClient(id: id, secretHash: [0, 255, 7], roles: ["reader", "a:b"], createdAt: createdAt)
    }

    @Test(arguments: StoreKind.allCases)
    func `gives back a client as it was added, by exactly its id`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            var bare = Self.client("bare", createdAt: UnixTime(milliseconds: -1))
            bare.roles = []
            bare.secretHash = []
            for client in [Self.client(), bare] {
                try await call { store.add(client, completion: $0) }
                #expect(try await call { store.client(id: client.id, completion: $0) } == client)
            }
            for id in ["Feeds", "feed", "feeds ", "feeds\u{0}", ""] {
                #expect(try await call { store.client(id: id, completion: $0) } == nil)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `refuses an id that another client or an account has, and changes nothing`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let client = Self.client()
            try await call { store.add(client, completion: $0) }
            try await call { store.add(Fixture.account("alice", id: "billing"), completion: $0) }
            for taken in [Self.client(createdAt: Fixture.start + .seconds(1)), Self.client("billing")] {
                await #expect(throws: StoreError.conflict) { try await call { store.add(taken, completion: $0) } }
            }
            await #expect(throws: StoreError.conflict) {
                try await call { store.add(Fixture.account("bob", id: client.id), completion: $0) }
            }
            #expect(try await call { store.clients(after: nil, limit: 10, completion: $0) } == [client])
            #expect(try await call { store.accounts(after: nil, limit: 10, completion: $0) }.map(\.name) == ["alice"])
            // Names are no ids.
            try await call { store.add(Fixture.account("feeds", id: "1"), completion: $0) }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `lists clients by the bytes of their ids, page by page`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let sorted = ["-", ".", "0", ":", "A", "Z", "_", "a", "aa", "b"]
            for id in sorted.reversed() { try await call { store.add(Self.client(id), completion: $0) } }
            var pages: [[String]] = []
            var last: String?
            repeat {
                let page = try await call { store.clients(after: last, limit: 4, completion: $0) }
                pages.append(page.map(\.id))
                last = page.last?.id
            } while last != nil
            #expect(pages == [["-", ".", "0", ":"], ["A", "Z", "_", "a"], ["aa", "b"], []])
            let after = try await call { store.clients(after: "ab", limit: 1, completion: $0) }
            #expect(after.map(\.id) == ["b"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `removes a client, whose id is free then`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            for id in ["feeds", "other"] { try await call { store.add(Self.client(id), completion: $0) } }
            #expect(try await call { store.removeClient(id: "feeds", at: Fixture.start, completion: $0) })
            #expect(try await call { store.client(id: "feeds", completion: $0) } == nil)
            #expect(try await call { store.removeClient(id: "feeds", at: Fixture.start, completion: $0) } == false)
            #expect(try await call { store.clients(after: nil, limit: 9, completion: $0) }.map(\.id) == ["other"])
            try await call { store.add(Fixture.account("alice", id: "feeds"), completion: $0) }
        }
    }
}

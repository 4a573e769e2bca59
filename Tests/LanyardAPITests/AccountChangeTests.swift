// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCore
import LanyardCrypto
import LanyardPasswords
import LanyardStore
import TestSupport
import Testing

@Suite struct `Changing an account` {
    @Test func `by roles decides anew when somebody else has changed them meanwhile`() async throws {
        let fixture = try await ServiceFixture(wrapping: {
            OvertakingStore($0) { roles, count in
                count == 1 ? roles.subtracting(["reader"]).union(["auditor"]) : nil
            }
        })
        let change = try await change(fixture, adding: ["editor", "auditor"], removing: ["writer", "reader"])
        #expect(change.roles == ["auditor", "editor"])
        #expect(change.held == ["auditor"] && change.missing == ["reader"], "as it was when it succeeded")
        let account = try await fixture.store.account(id: fixture.alice.id)
        #expect(account?.roles == ["auditor", "editor"])
    }

    @Test func `by roles gives up when others never stop`() async throws {
        let fixture = try await ServiceFixture(
            wrapping: { OvertakingStore($0) { _, count in ["reader", "other\(count)"] } })
        await #expect(throws: AccountError.store(.unavailable)) {
            try await self.change(fixture, adding: ["editor"], removing: [])
        }
    }

    @Test func `by roles asks the store to write nothing that is so already`() async throws {
        let fixture = try await ServiceFixture(
            wrapping: {
                OvertakingStore($0) { _, _ in
                    Issue.record("a write")
                    return nil
                }
            })
        let change = try await change(fixture, adding: ["reader"], removing: ["nothing"])
        #expect(!change.isChange && change.roles == ["reader", "writer"])
    }

    @Test func `by roles can always take some away, and adds what fits`() async throws {
        let fixture = try await ServiceFixture()
        let many = (0..<61).map { "role\($0)-" + String(repeating: "r", count: 55) }
        _ = try await change(fixture, adding: many, removing: [])
        // Larger than what can be added, as another release may have left it.
        let tooMany = (0..<90).map { "role\($0)-" + String(repeating: "r", count: 55) }
        let id = fixture.alice.id
        let old = try await fixture.store.account(id: id)
        _ = try await fixture.store.setRoles(Roles(distinct: tooMany), ofAccount: id, ifStill: old?.roles ?? [])
        await #expect(throws: AccountError.tooLarge(limitBytes: 4_096)) {
            try await self.change(fixture, adding: ["one"], removing: [tooMany[0]])
        }
        let less = try await change(fixture, adding: [], removing: [tooMany[0]])
        #expect(less.roles == Roles(distinct: Array(tooMany.dropFirst())))
    }

    @Test(arguments: ["", "a b", "r\u{F6}le", String(repeating: "r", count: 65)])
    func `by roles refuses one that cannot be`(role: String) throws {
        #expect(throws: AccountError.invalidRole(role)) { try RoleEdit(adding: ["good", role], removing: []) }
        _ = try RoleEdit(adding: [], removing: [role])
    }

    @Test func `by disabling tells what was so before`() async throws {
        let fixture = try await ServiceFixture()
        let token = try fixture.logIn().text("refresh_token")
        for (isDisabled, wasDisabled, ended) in [
            (false, false, 0), (true, false, 1), (true, true, 0), (false, true, 0),
        ] {
            let change = try await fixture.accounts.setDisabled(isDisabled, named: "Alice")
            #expect(change.wasDisabled == wasDisabled && change.ended.count == ended)
        }
        #expect(try fixture.refresh(token).status == 401)
        #expect(try fixture.logIn().status == 200)
    }

    @discardableResult
    private func change(
        _ fixture: ServiceFixture, adding added: [String], removing removed: [String]
    ) async throws -> RoleChange {
        let edit = try RoleEdit(adding: added, removing: removed)
        let cheap = try Argon2Parameters(memoryKiB: 8_192, iterations: 1, parallelism: 1)
        let lanes = try PasswordLanes(
            PasswordLanes.Settings(laneCount: 1, parameters: cheap), random: SecureRandom.bytes)
        let rules = Accounts(
            store: fixture.store, lanes: lanes, seal: fixture.keyring.passwords,
            now: { [clock = fixture.clock] in clock.now })
        return try await rules.changeRoles(edit, named: "alice")
    }
}

/// A store in which somebody else changes an account's roles just before each change.
private final class OvertakingStore: PassingStore {
    let store: MemoryStore
    private let count = Guarded(0)
    private let others: @Sendable (_ roles: Roles, _ count: Int) -> Roles?

    init(_ store: MemoryStore, _ others: @escaping @Sendable (_ roles: Roles, _ count: Int) -> Roles?) {
        self.others = others
        self.store = store
    }

    func setRoles(
        _ roles: Roles, ofAccount id: AccountID, ifStill expected: Roles
    ) async throws(StoreError) -> Bool {
        let count = count.withLock { count in
            count += 1
            return count
        }
        guard let other = others(expected, count) else {
            return try await store.setRoles(roles, ofAccount: id, ifStill: expected)
        }
        _ = try await store.setRoles(other, ofAccount: id, ifStill: expected)
        return try await store.setRoles(roles, ofAccount: id, ifStill: expected)
    }
}

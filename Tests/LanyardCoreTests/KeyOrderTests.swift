// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCore
import LanyardStore
import Testing

/// What an order comes to on the keys that there are; numbers are seconds after ``KeyScene/start``.
@Suite struct `An order of keys` {
    private static let now = KeyScene.start + .seconds(50)
    private static let emergency = Duration.seconds(5)

    /// The keys that there may be besides the active one, `a`.
    enum Others: String, CaseIterable, Sendable {
        case none, next, urgent, retired

        var scene: KeyScene {
            var scene = KeyScene()
            switch self {
            case .none: break
            case .next: scene.keys.append(KeyScene.next("b", lead: 1_000))
            case .urgent: scene.keys.append(KeyScene.next("b", created: 48, lead: 5))
            case .retired: scene.keys.insert(KeyScene.retired("b", at: 0, gone: 700), at: 0)
            }
            return scene
        }
    }

    /// Decides; keys that are needed are called `new`.
    private func decide(
        _ order: KeyOrder, _ scene: KeyScene
    ) throws(KeyOrderError) -> (outcome: KeyOrder.Outcome, change: KeyChange?) {
        let supplies = KeyOrder.Supplies(
            key: { (lead) throws(KeyOrderError) in
                KeyScene.next("new", created: 50, lead: Double(lead.wholeSeconds))
            },
            secret: { () throws(KeyOrderError) in KeyScene.secret("secret", created: 50) })
        let decision = try order.decision(
            for: scene.foundation, supplies, publishLead: scene.policy.publishLead, at: Self.now)
        return (decision.0, decision.1)
    }

    /// A key that is made in an emergency.
    private static let urgentKey = KeyScene.next("new", created: 50, lead: 5)

    /// The key `b` of ``Others/next`` when it is to sign in 5 s.
    private static var hastened: KeyRecord {
        var key = KeyScene.next("b", lead: 1_000)
        key.lead = emergency
        key.signsFrom = now + emergency
        return key
    }

    private func revoked(_ key: KeyRecord) -> KeyRecord {
        var key = key
        key.revokedAt = Self.now
        return key
    }

    /// The key when it is in the set no more.
    private func gone(_ key: KeyRecord) -> KeyRecord {
        var key = key
        key.state = .retired
        key.sealedPrivateKey = nil
        key.retiredAt = key.retiredAt ?? Self.now
        key.goneAt = Self.now
        key.leftAt = Self.now
        return key
    }

    @Test(arguments: Others.allCases)
    func `to rotate publishes a key for the lead, if none waits already`(others: Others) throws {
        let decision = try decide(.rotate, others.scene)
        switch others {
        case .none, .retired:
            let key = KeyScene.next("new", created: 50, lead: 1_000)
            #expect(decision.outcome == .published(key))
            #expect(decision.change == KeyChange(keys: [key]))
        case .next, .urgent:
            #expect(decision.outcome == .pending(others.scene.keys[1]))
            #expect(decision.change == nil)
        }
    }

    @Test(arguments: Others.allCases)
    func `to rotate now lets a key sign in 5 s, the one that waits if there is one`(others: Others) throws {
        let decision = try decide(.rotateNow(in: Self.emergency), others.scene)
        switch others {
        case .none, .retired:
            #expect(decision.outcome == .published(Self.urgentKey))
            #expect(decision.change == KeyChange(keys: [Self.urgentKey]))
        case .next:
            #expect(decision.outcome == .hastened(Self.hastened))
            #expect(decision.change == KeyChange(keys: [Self.hastened]))
        case .urgent:
            #expect(decision.outcome == .pending(others.scene.keys[1]))
            #expect(decision.change == nil)
        }
    }

    /// A key that is to sign at 85 s by an order, at 600 s by another.
    @Test(arguments: [(35, 10, true), (35, 40, false), (550, 35, true), (550, 3_600, false)])
    func `to rotate now brings the key forward that waits, and never puts it off`(
        lead: Double, ordered: Int64, isHastened: Bool
    ) throws {
        var scene = KeyScene()
        let next = KeyScene.next("b", created: 50, lead: lead)
        scene.keys.append(next)
        let decision = try decide(.rotateNow(in: .seconds(ordered)), scene)
        var hastened = next
        hastened.lead = .seconds(ordered)
        hastened.signsFrom = Self.now + .seconds(ordered)
        #expect(decision.outcome == (isHastened ? .hastened(hastened) : .pending(next)))
        #expect(decision.change == (isHastened ? KeyChange(keys: [hastened]) : nil))
        // A revocation waits for nobody.
        guard case .revoked(_, let successor) = try decide(.revoke(kid: "a"), scene).outcome else {
            Issue.record("not revoked")
            return
        }
        #expect(successor.signsFrom == Self.now + Self.emergency)
    }

    @Test(arguments: Others.allCases)
    func `to revoke the key that signs has another sign in 5 s`(others: Others) throws {
        let decision = try decide(.revoke(kid: "a"), others.scene)
        let successor =
            switch others {
            case .none, .retired: Self.urgentKey
            case .next: Self.hastened
            case .urgent: others.scene.keys[1]
            }
        // It signs until then, and so it stays in the set with its private half.
        var key = revoked(KeyScene.active("a"))
        key.goneAt = successor.signsFrom
        #expect(decision.outcome == .revoked(key, successor: successor))
        #expect(decision.change == KeyChange(keys: [key, successor]))
        #expect(key.isPublished)
    }

    @Test func `to revoke a retired key takes it out at once`() throws {
        let scene = Others.retired.scene
        let decision = try decide(.revoke(kid: "b"), scene)
        let key = gone(revoked(scene.keys[0]))
        #expect(decision.outcome == .removed(key))
        #expect(decision.change == KeyChange(keys: [key]))
        #expect(!key.isPublished)
    }

    @Test(arguments: [Others.next, .urgent])
    func `to revoke a key that waits takes it out at once, private half and all`(others: Others) throws {
        let decision = try decide(.revoke(kid: "b"), others.scene)
        let key = gone(revoked(others.scene.keys[1]))
        #expect(decision.outcome == .removed(key))
        #expect(decision.change == KeyChange(keys: [key]))
    }

    @Test func `to revoke the successor of a revoked key makes another one`() throws {
        var scene = Others.urgent.scene
        scene.keys[0].revokedAt = KeyScene.start + .seconds(48)
        scene.keys[0].goneAt = scene.keys[1].signsFrom
        let decision = try decide(.revoke(kid: "b"), scene)
        let removed = gone(revoked(scene.keys[1]))
        // The active one waits for the new one now, and says so.
        var signer = scene.keys[0]
        signer.goneAt = Self.urgentKey.signsFrom
        #expect(decision.change == KeyChange(keys: [removed, signer, Self.urgentKey]))
        #expect(decision.outcome == .successorReplaced(removed, successor: Self.urgentKey, signer: signer))
    }

    @Test func `to revoke a key twice changes nothing the second time`() throws {
        for others in Others.allCases {
            var scene = others.scene
            for index in scene.keys.indices {
                scene.keys[index].revokedAt = KeyScene.start
                let decision = try decide(.revoke(kid: scene.keys[index].kid), scene)
                #expect(decision.outcome == .revokedAlready(scene.keys[index]))
                #expect(decision.change == nil)
            }
        }
    }

    @Test(arguments: ["", "A", "a ", "aa", "\u{61}\u{301}"])
    func `to revoke a key that is not there is refused`(kid: String) {
        #expect(throws: KeyOrderError.refused(.unknown(kid: KeyID(kid)))) {
            try decide(.revoke(kid: KeyID(kid)), KeyScene())
        }
    }

    @Test func `names a key by its bytes`() {
        var scene = KeyScene()
        scene.keys[0].kid = "\u{E1}"
        #expect(throws: KeyOrderError.refused(.unknown(kid: "a\u{301}"))) {
            try decide(.revoke(kid: "a\u{301}"), scene)
        }
    }

    @Test(arguments: Others.allCases)
    func `to add a key makes it the one that signs next, if there is room`(others: Others) throws {
        let key = KeyScene.next("mine", created: 50, lead: 1_000)
        if others == .none || others == .retired {
            let decision = try decide(.add(key), others.scene)
            #expect(decision.outcome == .published(key))
            #expect(decision.change == KeyChange(keys: [key]))
        } else {
            #expect(throws: KeyOrderError.refused(.nextExists(others.scene.keys[1]))) {
                try decide(.add(key), others.scene)
            }
        }
    }

    @Test(arguments: Others.allCases)
    func `to add a key that there is, or was, is refused`(others: Others) {
        var scenes = [others.scene]
        // Gone, and kept for the tokens that it signed.
        if others == .retired { scenes.append(KeyScene(keys: [gone(others.scene.keys[0]), KeyScene.active("a")])) }
        for scene in scenes {
            for key in scene.keys {
                #expect(throws: KeyOrderError.refused(.known(key))) {
                    try decide(.add(KeyScene.next(key.kid, created: 50, lead: 1_000)), scene)
                }
            }
        }
    }

    @Test(arguments: [["r1"], ["r1", "r2"], ["r1", "r2", "r3"]] as [[KeyID]])
    func `to rotate the refresh keys leaves the one before to check, and drops older ones`(ids: [KeyID]) throws {
        var scene = KeyScene()
        scene.secrets = ids.map { KeyScene.secret($0, created: 0) } + [KeyScene.secret("p", .password, created: 0)]
        let decision = try decide(.rotateRefresh, scene)
        let secret = KeyScene.secret("secret", created: 50)
        #expect(decision.outcome == .refreshRotated(secret, dropped: ids.count > 1))
        #expect(decision.change == KeyChange(secrets: [secret], removedSecrets: ids.dropLast()))
    }

    // MARK: what becomes of the keys when another signs

    @Test func `ends with one key that signs, and one that is published without its private half`() {
        let scene = Others.next.scene
        let change = scene.foundation.activation(of: scene.keys[1], at: Self.now, retention: .seconds(700))
        var before = KeyScene.active("a")
        before.state = .retired
        before.sealedPrivateKey = nil
        before.retiredAt = Self.now
        before.goneAt = Self.now + .seconds(700)
        var after = scene.keys[1]
        after.state = .active
        after.signsFrom = Self.now
        #expect(change == KeyChange(keys: [before, after]))
        #expect(before.isPublished)
    }

    @Test func `ends with a revoked key out of the set in the step in which another signs`() throws {
        var scene = Others.urgent.scene
        scene.keys[0].revokedAt = KeyScene.start + .seconds(48)
        let change = scene.foundation.activation(of: scene.keys[1], at: Self.now, retention: .seconds(700))
        try #require(change.keys.map(\.kid) == ["a", "b"])
        #expect(change.keys[0] == gone(scene.keys[0]))
        #expect(change.keys[1].state == .active)
    }
}

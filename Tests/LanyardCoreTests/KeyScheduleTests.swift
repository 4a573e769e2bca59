// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCore
import LanyardCrypto
import LanyardStore
import Testing

/// What is due, from what a store holds and what a process has seen of it; numbers are seconds after ``KeyScene/start``.
@Suite struct `The schedule of keys` {
    // MARK: next → active

    struct Activation: Sendable, CustomTestStringConvertible {
        var name: String
        /// How long the key is to be published; 5 is an emergency.
        var lead: Double = 1_000
        var created: Double = 0
        /// When the key is to sign, if that is not the lead after it was made.
        var signsFrom: Double?
        /// Whether the process found the key when it started, at 0 of the running clock.
        var isFromStart = false
        var wall: Double
        var running: Double
        var isDue: Bool

        var testDescription: String { name }
    }

    static let activations = [
        Activation(name: "the lead is over by both clocks", wall: 1_000, running: 1_000, isDue: true),
        Activation(name: "a moment before", wall: 999.999, running: 999.999, isDue: false),
        Activation(name: "seen for too short", wall: 1_001, running: 999.999, isDue: false),
        Activation(name: "a wall clock that jumps ahead", wall: 1e7, running: 500, isDue: false),
        Activation(name: "a wall clock that is behind", wall: 999, running: 2_000, isDue: false),
        Activation(name: "found at start, before its time", isFromStart: true, wall: 999.999, running: 0, isDue: false),
        Activation(name: "found at start, in its time", isFromStart: true, wall: 1_000, running: 0, isDue: true),
        Activation(name: "found at start, and long over", isFromStart: true, wall: 9_000, running: 0, isDue: true),
        Activation(
            name: "made in what is our future, and seen for the lead", created: 5_000, wall: 10, running: 1_000,
            isDue: true),
        Activation(
            name: "made in what is our future, and seen for less", created: 5_000, wall: 10, running: 999, isDue: false),
        Activation(
            name: "found at start, made in what is our future", created: 5_000, isFromStart: true, wall: 10,
            running: 999, isDue: false),
        Activation(name: "in an emergency after 5 s", lead: 5, wall: 5, running: 5, isDue: true),
        Activation(name: "in an emergency before", lead: 5, wall: 5, running: 4.999, isDue: false),
        Activation(name: "in an emergency after 35 s", lead: 35, wall: 5, running: 35, isDue: true),
        Activation(name: "in an emergency before 35 s", lead: 35, wall: 1e7, running: 34.999, isDue: false),
        Activation(name: "by an ordinary lead, a clock that is slow", lead: 600, wall: 599, running: 600, isDue: false),
        Activation(name: "in an emergency, a clock that jumps", lead: 5, wall: 1e7, running: 4.999, isDue: false),
        Activation(name: "in an emergency, a clock that is behind", lead: 5, wall: -25, running: 5, isDue: true),
        Activation(name: "in an emergency, a clock that is slow", lead: 5, wall: 3, running: 5, isDue: true),
        Activation(
            name: "in an emergency, found at start, made in what is our future", lead: 5, created: 5_000,
            signsFrom: 105, isFromStart: true, wall: 200, running: 4.999, isDue: false),
        Activation(
            name: "in an emergency, found at start", lead: 5, isFromStart: true, wall: 5, running: 0.1, isDue: false),
        Activation(
            name: "in an emergency, found at start, clocks 30 s apart", lead: 5, isFromStart: true, wall: 34.999,
            running: 0.1, isDue: false),
        Activation(
            name: "in an emergency, found at start and over for every clock", lead: 5, isFromStart: true, wall: 35,
            running: 0.1, isDue: true),
        Activation(
            name: "in an emergency, found at start and seen for 5 s", lead: 5, isFromStart: true, wall: 6, running: 5,
            isDue: true),
    ]

    @Test(arguments: activations)
    func `lets a key sign when every replica has published it for its lead`(row: Activation) {
        var scene = KeyScene()
        scene.keys.append(KeyScene.next("b", created: row.created, lead: row.lead))
        if let signsFrom = row.signsFrom { scene.keys[1].signsFrom = KeyScene.start + .seconds(signsFrom) }
        var sightings = KeySightings(row.isFromStart ? scene.foundation : KeyScene().foundation, at: KeyScene.running)
        sightings.note(scene.foundation, at: KeyScene.running)
        let step = scene.step(sightings, wall: row.wall, running: row.running)
        #expect(step == (row.isDue ? .activate(kid: "b") : nil))
    }

    @Test func `counts the 5 s of an emergency from when the process has seen that it is one`() {
        var scene = KeyScene()
        scene.keys.append(KeyScene.next("b", lead: 1_000))
        var sightings = KeySightings(scene.foundation, at: KeyScene.running)
        scene.keys[1].lead = .seconds(5)
        scene.keys[1].signsFrom = KeyScene.start + .seconds(105)
        sightings.note(scene.foundation, at: KeyScene.running + .seconds(101))
        #expect(scene.step(sightings, wall: 105.9, running: 105.999) == nil)
        #expect(scene.step(sightings, wall: 105.9, running: 106) == .activate(kid: "b"))
    }

    @Test func `does nothing with a key that it has never seen`() {
        var scene = KeyScene()
        let sightings = KeySightings(scene.foundation, at: KeyScene.running)
        scene.keys.append(KeyScene.next("b", lead: 1_000))
        #expect(scene.step(sightings, wall: 8_000, running: 8_000) == nil)
    }

    @Test func `does not forget since when it has seen a key because another changes`() {
        var scene = KeyScene()
        var sightings = KeySightings(scene.foundation, at: KeyScene.running)
        scene.keys.append(KeyScene.next("b", lead: 1_000))
        sightings.note(scene.foundation, at: KeyScene.running)
        scene.secrets.append(KeyScene.secret("new", created: 900))
        sightings.note(scene.foundation, at: KeyScene.running + .seconds(900))
        #expect(scene.step(sightings, wall: 1_000, running: 1_000) == .activate(kid: "b"))
    }

    // MARK: a new next

    struct Rotation: Sendable, CustomTestStringConvertible {
        var name: String
        var interval: Double = 10_000
        var algorithm = "EdDSA"
        var wall: Double
        var running: Double
        var isDue: Bool

        var testDescription: String { name }
    }

    static let rotations = [
        Rotation(name: "a lead before the rotation", wall: 9_000, running: 0, isDue: true),
        Rotation(name: "a moment earlier", wall: 8_999.999, running: 8_999.999, isDue: false),
        Rotation(name: "a key that no time ends", interval: 0, wall: 1e8, running: 1e8, isDue: false),
        Rotation(name: "a clock that was set back, within the interval", wall: -1e6, running: 9_999, isDue: false),
        Rotation(name: "a clock that was set back, after the interval", wall: -1e6, running: 10_000, isDue: true),
        Rotation(name: "another algorithm", algorithm: "ES256", wall: 1, running: 0, isDue: true),
        Rotation(
            name: "another algorithm, and a key that no time ends", interval: 0, algorithm: "RS256", wall: 1,
            running: 0, isDue: true),
    ]

    @Test(arguments: rotations)
    func `publishes a key in time`(row: Rotation) {
        var scene = KeyScene()
        scene.policy.rotationInterval = .seconds(row.interval)
        scene.keys[0].algorithm = row.algorithm
        let sightings = KeySightings(scene.foundation, at: KeyScene.running)
        #expect(scene.step(sightings, wall: row.wall, running: row.running) == (row.isDue ? .publish : nil))
        // Never a second one, and never without one that signs.
        scene.keys.append(KeyScene.next("b", created: row.wall, lead: 1_000))
        #expect(scene.step(sightings, wall: row.wall, running: row.running) == nil)
        scene.keys = []
        #expect(scene.step(sightings, wall: row.wall, running: row.running) == nil)
    }

    // MARK: retired → gone → forgotten

    /// The same for everything that waits: `due` seconds after `since`.
    private func expectDue(
        after due: Double, _ step: KeySchedule.Step, _ scene: KeyScene,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let fromStart = KeySightings(scene.foundation, at: KeyScene.running)
        var seenNew = KeySightings(KeyScene(keys: [], secrets: []).foundation, at: KeyScene.running)
        seenNew.note(scene.foundation, at: KeyScene.running)
        for (sightings, wall, running, isDue) in [
            (fromStart, due - 0.001, 0, false), (fromStart, due, 0, true), (fromStart, -1e6, due - 0.001, false),
            (fromStart, -1e6, due, true), (seenNew, 1e8, due - 0.001, false), (seenNew, due, due, true),
        ] {
            var expected = step
            if case .change(var change) = step, change.removedKeys.isEmpty, change.removedSecrets.isEmpty {
                change.keys[0].leftAt = KeyScene.start + .seconds(wall)
                change.keys[0].goneAt = KeyScene.start + .seconds(wall)
                expected = .change(change)
            }
            #expect(
                scene.step(sightings, wall: wall, running: running) == (isDue ? expected : nil),
                "wall \(wall), running \(running)", sourceLocation: sourceLocation)
        }
    }

    @Test func `takes a retired key out of the set when its time is over`() {
        var scene = KeyScene()
        scene.policy.rotationInterval = .zero
        let key = KeyScene.retired("b", at: 0, gone: 700)
        scene.keys.insert(key, at: 0)
        expectDue(after: 700, .change(KeyChange(keys: [key])), scene)
    }

    @Test func `counts from when the process has seen a key retire and leave, and not from before`() {
        var scene = KeyScene(keys: [])
        scene.policy.rotationInterval = .zero
        var sightings = KeySightings(scene.foundation, at: KeyScene.running)
        scene.keys = [KeyScene.active("b")]
        sightings.note(scene.foundation, at: KeyScene.running)
        scene.keys = [KeyScene.retired("b", at: 10_000, gone: 10_700), KeyScene.active("a")]
        sightings.note(scene.foundation, at: KeyScene.running + .seconds(10_000))
        #expect(scene.step(sightings, wall: 10_699, running: 10_699) == nil)
        #expect(scene.step(sightings, wall: 10_700, running: 10_700) != nil)
        scene.keys[0].leftAt = KeyScene.start + .seconds(10_700)
        sightings.note(scene.foundation, at: KeyScene.running + .seconds(10_700))
        #expect(scene.step(sightings, wall: 17_932, running: 17_932) == nil)
        #expect(
            scene.step(sightings, wall: 17_933, running: 17_933) == .change(KeyChange(removedKeys: ["b"])))
    }

    @Test func `takes a retired key out of the set while another waits to sign`() {
        var scene = KeyScene()
        scene.keys.insert(KeyScene.retired("b", at: 0, gone: 700), at: 0)
        scene.keys.append(KeyScene.next("c", lead: 1_000))
        let sightings = KeySightings(scene.foundation, at: KeyScene.running)
        guard case .change(let change) = scene.step(sightings, wall: 700, running: 0) else {
            Issue.record("nothing is due")
            return
        }
        #expect(change.keys.map(\.kid) == ["b"])
        #expect(change.keys.first?.leftAt == KeyScene.start + .seconds(700))
    }

    @Test func `keeps what checks an expired access token until the sessions have ended`() {
        var scene = KeyScene()
        scene.policy.rotationInterval = .zero
        var key = KeyScene.retired("b", at: -700, gone: 0)
        key.leftAt = KeyScene.start
        scene.keys.insert(key, at: 0)
        let lifetime = scene.policy.sessionLifetime
        let sightings = KeySightings(scene.foundation, at: KeyScene.running)
        #expect(scene.step(sightings, wall: Double(lifetime.wholeSeconds), running: 0) == nil)
        // What a replica may have signed before it has followed, and by how much its clock may differ.
        expectDue(after: 7_200 + 33, .change(KeyChange(removedKeys: ["b"])), scene)
    }

    @Test func `drops the old refresh keys when every session from before has ended`() {
        var scene = KeyScene()
        scene.policy.rotationInterval = .zero
        scene.secrets = [
            KeyScene.secret("r1", created: -9e6), KeyScene.secret("password", .password, created: -9e6),
            KeyScene.secret("r2", created: -1), KeyScene.secret("r3", created: 0),
        ]
        expectDue(
            after: 5 + 7_200 + 33, .change(KeyChange(removedSecrets: ["r1", "r2"])), scene)
    }

    @Test func `leaves the only refresh key alone`() {
        var scene = KeyScene()
        scene.policy.rotationInterval = .zero
        let sightings = KeySightings(scene.foundation, at: KeyScene.running)
        #expect(scene.step(sightings, wall: 1e9, running: 1e9) == nil)
    }

    // MARK: refresh keys

    struct Maker: Sendable, CustomTestStringConvertible {
        var name: String
        var isFromStart = false
        var wall: Double
        var running: Double
        var isNewest: Bool

        var testDescription: String { name }
    }

    static let makers = [
        Maker(name: "seen just now", wall: 0, running: 0, isNewest: false),
        Maker(name: "seen for less than 5 s", wall: 4.999, running: 4.999, isNewest: false),
        Maker(name: "seen for 5 s", wall: 5, running: 5, isNewest: true),
        Maker(name: "seen for 5 s, with a clock that is behind", wall: -100, running: 5, isNewest: true),
        Maker(name: "a clock that jumps ahead", wall: 1e6, running: 4.999, isNewest: false),
        Maker(name: "found at start, just made", isFromStart: true, wall: 6, running: 1, isNewest: false),
        Maker(
            name: "found at start, clocks 30 s apart", isFromStart: true, wall: 34.999, running: 0, isNewest: false),
        Maker(name: "found at start, made long ago", isFromStart: true, wall: 35, running: 0, isNewest: true),
    ]

    @Test(arguments: makers)
    func `makes refresh tokens with a key that every replica checks with`(row: Maker) {
        var scene = KeyScene()
        scene.secrets = [KeyScene.secret("r0", created: -99), KeyScene.secret("r1", created: -9)]
        let before = scene.foundation
        scene.secrets.append(KeyScene.secret("r2", created: 0))
        var sightings = KeySightings(row.isFromStart ? scene.foundation : before, at: KeyScene.running)
        sightings.note(scene.foundation, at: KeyScene.running)
        let maker = scene.schedule.maker(of: scene.foundation, sightings, at: KeyScene.moment(row.wall, row.running))
        #expect(maker?.id == (row.isNewest ? "r2" : "r1"))
    }

    @Test func `makes refresh tokens with the only key at once`() {
        let scene = KeyScene()
        let sightings = KeySightings(KeyScene(keys: [], secrets: []).foundation, at: KeyScene.running)
        #expect(scene.schedule.maker(of: scene.foundation, sightings, at: KeyScene.moment(0, 0))?.id == "r")
        let none = KeyScene(secrets: [KeyScene.secret("password", .password, created: 0)])
        #expect(none.schedule.maker(of: none.foundation, sightings, at: KeyScene.moment(0, 0)) == nil)
    }

    // MARK: how often is looked

    struct Pause: Sendable, CustomTestStringConvertible {
        var name: String
        var lead: Double?
        var wall: Double
        var running: Double
        var expected: Duration

        var testDescription: String { name }
    }

    static let pauses = [
        Pause(name: "nothing waits", lead: nil, wall: 0, running: 0, expected: .seconds(1)),
        Pause(name: "much later", lead: 1_000, wall: 0, running: 0, expected: .seconds(1)),
        Pause(name: "soon", lead: 1_000, wall: 999.5, running: 999.75, expected: .milliseconds(500)),
        Pause(
            name: "soon, by the other clock", lead: 1_000, wall: 999.75, running: 999.5, expected: .milliseconds(500)),
        Pause(name: "overdue", lead: 1_000, wall: 2_000, running: 2_000, expected: .milliseconds(20)),
        Pause(name: "in an emergency that is not near", lead: 35, wall: 0, running: 10, expected: .seconds(1)),
        Pause(name: "in an emergency that is near", lead: 35, wall: 0, running: 30, expected: .milliseconds(100)),
        Pause(name: "in an emergency", lead: 5, wall: -100, running: 1, expected: .milliseconds(100)),
    ]

    @Test(arguments: pauses)
    func `looks when something is due, and once a second`(row: Pause) {
        var scene = KeyScene()
        if let lead = row.lead { scene.keys.append(KeyScene.next("b", lead: lead)) }
        let sightings = KeySightings(scene.foundation, at: KeyScene.running)
        let pause = scene.schedule.pause(
            for: scene.foundation, sightings, at: KeyScene.moment(row.wall, row.running), longest: .seconds(1))
        #expect(pause == row.expected)
    }

    // MARK: times

    @Test(arguments: [(900, 0, 0), (900, 3_600, 0), (30, 600, 0), (60, 0, 86_400), (86_400, 3_600, 900)])
    func `keeps a retired key for everything that it has signed`(access: Int, status: Int, longest: Int) {
        var policy = KeyScene.policy
        policy.accessLifetime = .seconds(access)
        policy.statusTokenLifetime = .seconds(status)
        let retention = policy.retention(longestAccessLifetime: .seconds(longest)).wholeSeconds
        // The leeway of verifiers; max-age and stale-while-revalidate; how late a replica may be, and its clock.
        #expect(retention == max(access, status, longest) + 30 + 300 + 60 + 3 + 30)
    }
}

/// Keys and secrets that a test makes up; nothing opens them.
struct KeyScene {
    static let start = UnixTime(seconds: 1_800_000_000)
    static let running = ContinuousClock.now
    static let policy = KeyPolicy(
        algorithm: .edDSA, rsaBits: 2_048, rotationInterval: .seconds(10_000), publishLead: .seconds(1_000),
        accessLifetime: .seconds(300), statusTokenLifetime: .zero, sessionLifetime: .seconds(7_200))

    var policy = Self.policy
    var keys: [KeyRecord] = [Self.active("a")]
    var secrets: [SecretRecord] = [Self.secret("r", created: 0), Self.secret("password", .password, created: 0)]

    var schedule: KeySchedule { KeySchedule(policy: policy) }

    var foundation: Foundation {
        Foundation(
            isDevelopment: false, longestAccessLifetime: .seconds(300), keyVersion: 7, keys: keys, secrets: secrets,
            isNew: false)
    }

    /// What is due at a moment.
    func step(_ sightings: KeySightings, wall: Double, running: Double) -> KeySchedule.Step? {
        schedule.step(for: foundation, sightings, at: Self.moment(wall, running))
    }

    static func moment(_ wall: Double, _ running: Double) -> KeyMoment {
        KeyMoment(wall: start + .seconds(wall), running: Self.running + .seconds(running))
    }

    /// A key that has signed since 0.
    static func active(_ kid: KeyID) -> KeyRecord {
        var key = next(kid, lead: 0)
        key.state = .active
        return key
    }

    /// A key that is to sign `lead` after it was made.
    static func next(_ kid: KeyID, created: Double = 0, lead: Double) -> KeyRecord {
        KeyRecord(
            kid: kid, algorithm: "EdDSA", state: .next, publicKey: Array(kid.text.utf8), sealedPrivateKey: [1, 2, 3],
            createdAt: start + .seconds(created), signsFrom: start + .seconds(created + lead), lead: .seconds(lead))
    }

    static func retired(_ kid: KeyID, at retired: Double, gone: Double) -> KeyRecord {
        var key = next(kid, created: retired - 100, lead: 0)
        key.state = .retired
        key.sealedPrivateKey = nil
        key.retiredAt = start + .seconds(retired)
        key.goneAt = start + .seconds(gone)
        return key
    }

    static func secret(_ id: KeyID, _ purpose: SecretRecord.Purpose = .refresh, created: Double) -> SecretRecord {
        SecretRecord(id: id, purpose: purpose, sealed: [1], createdAt: start + .seconds(created))
    }
}

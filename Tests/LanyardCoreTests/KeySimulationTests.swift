// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCore
import LanyardStore
import LanyardVerifier
import TestSupport
import Testing

/// The promises of the contract, section 5, in simulated time.
@Suite(.timeLimit(.minutes(3))) struct `Keys of three replicas in simulated time` {
    /// Seconds by which the replicas' clocks differ, as far as they may.
    static let skews: [Duration] = [.seconds(15), .zero, .seconds(-15)]

    @Test func `rotate a hundred times, and no verifier meets a key that it does not know`() async throws {
        let simulation = try await KeySimulation(skews: Self.skews)
        let count = Thoroughness.rounds(100, sample: 20)
        await simulation.run(for: KeySimulation.policy.rotationInterval * (count + 1))
        #expect(simulation.troubles == [])
        #expect(simulation.signers.count >= count)
        // Nothing piles up: what sessions may have a token of, and no more.
        #expect(simulation.replicas[0].foundation.keys.count < 12)
        #expect(simulation.replicas.allSatisfy { $0.foundation == simulation.replicas[0].foundation })
    }

    @Test func `rotate while replicas start anew and one stands still`() async throws {
        let simulation = try await KeySimulation(skews: Self.skews)
        for round in 0..<60 {
            await simulation.run(for: .seconds(290 + round))
            try await simulation.restart(round % 3)
            simulation.pause((round + 1) % 3, true)
            await simulation.run(for: .seconds([2, 3, 9, 400][round % 4]))
            simulation.pause((round + 1) % 3, false)
        }
        #expect(simulation.troubles == [])
        #expect(simulation.signers.count >= 10)
    }

    @Test(arguments: [Duration.seconds(365 * 86_400), .seconds(3_600), .seconds(-3_600), .seconds(-365 * 86_400)])
    func `survive a clock that is set wrong and right again`(wrong: Duration) async throws {
        let simulation = try await KeySimulation(skews: Self.skews)
        // Once for each replica, and then again at other moments.
        for round in 0..<Thoroughness.rounds(8, sample: 3) {
            await simulation.run(for: .seconds(500 + 113 * round))
            simulation.step(round % 3, by: wrong)
            await simulation.run(for: .seconds(1_000))
            simulation.step(round % 3, by: .zero - wrong)
        }
        #expect(simulation.troubles == [])
        // And keys still rotate afterwards.
        let before = simulation.signers.count
        await simulation.run(for: KeySimulation.policy.rotationInterval * 3)
        #expect(simulation.troubles == [])
        #expect(simulation.signers.count > before)
    }

    @Test(arguments: [false, true])
    func `replace a revoked key within the bounds that the command printed`(isNextThere: Bool) async throws {
        let simulation = try await KeySimulation(skews: Self.skews)
        // A next key is published 600 s before the rotation, which is after 1800 s.
        await simulation.run(for: .seconds(isNextThere ? 1_210 : 700))
        #expect((simulation.replicas[0].foundation.nextKey != nil) == isNextThere)
        let revoked = try #require(simulation.replicas[0].foundation.activeKey)
        let (outcome, report) = try await simulation.order(.revoke(kid: revoked.kid))
        guard case .revoked(_, let successor) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let known = try #require(report.knownEverywhere)
        let nowhere = try #require(report.trustedNowhere)
        #expect(report.text.contains(nowhere.rfc3339))
        simulation.excuse(successor.kid, until: known)
        simulation.excuse(revoked.kid, until: nowhere)

        await simulation.run(for: .seconds(10))
        for replica in simulation.replicas {
            let keyring = replica.live.current.keyring
            #expect(keyring.active.kid == successor.kid)
            #expect(!keyring.published.keyIDs.contains(revoked.kid.text))
            #expect(!keyring.accepted.keyIDs.contains(revoked.kid.text))
        }
        simulation.disown(revoked.kid)
        await simulation.run(for: nowhere.since(simulation.time))
        #expect(!simulation.verifiers.contains { $0.keys.keyIDs.contains(revoked.kid.text) })
        await simulation.run(for: .seconds(3_000))
        #expect(simulation.troubles == [])
    }

    @Test func `let a new key sign at once within the bounds that the command printed`() async throws {
        let simulation = try await KeySimulation(skews: Self.skews)
        await simulation.run(for: .seconds(400))
        let before = try #require(simulation.replicas[0].foundation.activeKey)
        let (outcome, report) = try await simulation.order(.rotateNow(in: .seconds(5)))
        guard case .published(let key) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        simulation.excuse(key.kid, until: try #require(report.knownEverywhere))
        await simulation.run(for: .seconds(10))
        #expect(simulation.replicas.allSatisfy { $0.live.current.keyring.active.kid == key.kid })
        #expect(simulation.replicas.allSatisfy { $0.live.current.keyring.published.keyIDs.contains(before.kid.text) })
        await simulation.run(for: .seconds(3_000))
        #expect(simulation.troubles == [])
    }
}

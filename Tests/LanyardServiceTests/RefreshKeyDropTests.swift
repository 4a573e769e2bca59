// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardService
import LanyardStore
import Testing

/// Which keys of refresh tokens may go, and when, so that nobody who logs in afterwards is cut off.
@Suite(.timeLimit(.minutes(3))) struct `Dropping keys of refresh tokens` {
    /// Seconds by which the replicas' clocks differ, as far as they may.
    static let skews: [Duration] = [.seconds(15), .zero, .seconds(-15)]

    @Test func `leaves the only one`() async throws {
        let simulation = try await KeySimulation(skews: Self.skews)
        let before = simulation.replicas[0].foundation
        for isForced in [false, true] {
            #expect(try await simulation.order(.dropRefreshKeys(isForced: isForced)).0 == .refreshAlone)
        }
        await simulation.run(for: .seconds(5))
        #expect(simulation.replicas[0].foundation.refreshSecrets == before.refreshSecrets)
    }

    @Test func `waits until even a server that starts now makes tokens with the newest`() async throws {
        let simulation = try await KeySimulation(skews: Self.skews)
        await simulation.run(for: .seconds(100))
        _ = try await simulation.order(.rotateRefresh)
        let made = simulation.time
        var isDropped = false
        var settled: [String] = []
        while !isDropped {
            await simulation.run(for: .seconds(1))
            let index = Int(simulation.time.seconds % 3)
            try await simulation.restart(index)
            let outcome = try await simulation.order(.dropRefreshKeys(isForced: false)).0
            isDropped = outcome == .refreshDropped(count: 1)
            if case .refreshInUse = outcome { #expect(simulation.time < made + .seconds(200)) }
            if isDropped { settled = Self.tokens(of: simulation) }
        }
        // Not too late either, for who waits for it.
        #expect(simulation.time <= made + .seconds(120))
        await simulation.run(for: .seconds(3))
        #expect(settled.count == 3)
        Self.expectGood(settled + Self.tokens(of: simulation), in: simulation)
    }

    @Test(arguments: [0, 1, 2, 3, 4])
    func `in steps, lets nobody keep a token of an old one who logs in after the last`(stall: Int) async throws {
        let simulation = try await KeySimulation(skews: Self.skews)
        await simulation.run(for: .seconds(100))
        _ = try await simulation.order(.rotateRefresh)
        // One replica stands still at the wrong time, another has just started.
        await simulation.run(for: .seconds(1))
        try await simulation.restart(0)
        await simulation.run(for: KeyPolicy.emergencyLead - .seconds(1))
        simulation.pause(1, true)
        let outcome = try await simulation.order(.dropRefreshKeys(isForced: true)).0
        #expect(outcome == .refreshDropped(count: 1))
        await simulation.run(for: .seconds(stall))
        simulation.pause(1, false)
        await simulation.run(for: KeyPolicy.emergencyLead - .seconds(stall))

        let tokens = Self.tokens(of: simulation)
        #expect(tokens.count == 3)
        try await simulation.restart(2)
        Self.expectGood(tokens, in: simulation)
        await simulation.run(for: .seconds(20))
        Self.expectGood(tokens, in: simulation)
        #expect(simulation.replicas[0].foundation.refreshSecrets.count == 1)
    }

    /// What every replica that answers gives to who logs in now.
    private static func tokens(of simulation: KeySimulation) -> [String] {
        simulation.replicas.filter(\.live.isFresh).enumerated().map { index, replica in
            replica.keys.current.refreshTokens.encode(RefreshToken(sessionID: "session\(index)", generation: 1))
        }
    }

    private static func expectGood(
        _ tokens: [String], in simulation: KeySimulation, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for replica in simulation.replicas where replica.live.isFresh {
            for token in tokens {
                #expect(
                    replica.keys.current.refreshTokens.decode(Array(token.utf8)) != nil, sourceLocation: sourceLocation)
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCore
import LanyardStore
import Testing

/// Which keys of refresh tokens may go, and when, so that nobody who logs in afterwards is cut off.
@Suite(.timeLimit(.minutes(3))) struct `Dropping keys of refresh tokens` {
    /// Seconds by which the replicas' clocks differ, as far as they may.
    static let skews: [Duration] = [.seconds(15), .zero, .seconds(-15)]

    @Test func `leaves the only one`() async throws {
        let simulation = try await KeySimulation(skews: Self.skews)
        let before = simulation.replicas[0].foundation
        let (outcome, report) = try await simulation.order(.dropRefreshKeys)
        #expect(outcome == .refreshAlone)
        #expect(report.text.contains("nothing was changed"))
        await simulation.run(for: .seconds(5))
        #expect(simulation.replicas[0].foundation.refreshSecrets == before.refreshSecrets)
    }

    /// Seconds since the newest key was made.
    @Test(arguments: [0, 3, 6, 20, 36, 50, 66, 80, 95, 102, 103, 110])
    func `knows whether even a server that starts now makes tokens with the newest`(age: Int) async throws {
        let simulation = try await KeySimulation(skews: Self.skews)
        await simulation.run(for: .seconds(100))
        _ = try await simulation.order(.rotateRefresh)
        await simulation.run(for: .seconds(age))
        for index in 0..<3 { try await simulation.restart(index) }
        let tokens = Self.tokens(of: simulation)
        #expect(tokens.count == 3)

        let outcome = try await simulation.order(.dropRefreshKeys).0
        #expect(outcome == .refreshDropped(wasSettled: age >= 103))
        await simulation.run(for: .seconds(3))
        if age >= 103 { Self.expectGood(tokens, in: simulation) }
        Self.expectGood(Self.tokens(of: simulation), in: simulation)
        #expect(simulation.replicas[0].foundation.refreshSecrets.count == 1)
    }

    @Test(arguments: [0, 1, 2, 3, 4], [0, 1, 2, 4])
    func `lets nobody keep a token of an old one who logs in a lead later`(stall: Int, age: Int) async throws {
        let simulation = try await KeySimulation(skews: Self.skews)
        await simulation.run(for: .seconds(100))
        // One replica stands still from before the newest key was made, and another has just started.
        simulation.pause(1, true)
        _ = try await simulation.order(.rotateRefresh)
        await simulation.run(for: .seconds(age))
        try await simulation.restart(0)
        #expect(try await simulation.order(.dropRefreshKeys).0 == .refreshDropped(wasSettled: false))
        await simulation.run(for: .seconds(stall))
        simulation.pause(1, false)
        await simulation.run(for: KeyPolicy.emergencyLead - .seconds(stall))

        let tokens = Self.tokens(of: simulation)
        #expect(tokens.count == 3)
        try await simulation.restart(2)
        Self.expectGood(tokens, in: simulation)
        await simulation.run(for: .seconds(20))
        Self.expectGood(tokens, in: simulation)
    }

    /// What every replica that answers gives to who logs in now.
    private static func tokens(of simulation: KeySimulation) -> [String] {
        simulation.replicas.filter(\.live.isFresh).enumerated().map { index, replica in
            replica.live.current.refreshTokens.encode(RefreshToken(sessionID: "session\(index)", generation: 1))
        }
    }

    private static func expectGood(
        _ tokens: [String], in simulation: KeySimulation, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for replica in simulation.replicas where replica.live.isFresh {
            for token in tokens {
                #expect(
                    replica.live.current.refreshTokens.decode(Array(token.utf8)) != nil, sourceLocation: sourceLocation)
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// How long a refused login takes, for accounts and for names that are none, by the clock of a client.
@Suite(.serialized) struct `The time of a login` {
    static let password = "zuGh4-quex/otob"

    /// How many samples of each, and how far from 0.5 the result may be.
    ///
    /// The standard deviation of the result is 0.41 / √samples without any difference: 0.009 for 2,000. The few samples of
    /// the ordinary run find a decoy that is missing, or is of one kind alone.
    struct Effort: Sendable {
        let samples: Int, tolerance: Double
    }

    static let effort =
        ProcessInfo.processInfo.environment["LANYARD_FULL"] == nil
        ? Effort(samples: 80, tolerance: 0.2) : Effort(samples: 2_000, tolerance: 0.05)

    /// With how many passes the hashes of accounts were made, in turn; new ones would have three.
    @Test(arguments: [[3], [1, 2]])
    func `does not tell accounts from other names, whatever their passwords were hashed with`(passes: [Int]) throws {
        let effort = Self.effort
        let server = try Self.server(passes)
        // The better of two: a machine that does something else for a while shifts a result, and cannot shift it back.
        let results = try (1...2).map { _ in try Self.areaUnderCurve(server, effort.samples) }
        print("login timing, passes \(passes): area under the curve \(results), \(effort.samples) samples of each")
        #expect(results.contains { abs($0 - 0.5) <= effort.tolerance }, "\(results)")
    }

    private static func server(_ passes: [Int]) throws -> RunningLanyard {
        let folder = try TemporaryFolder()
        for number in 0..<accounts {
            let added = try Lanyard.run(
                ["account", "add", "user\(number)", "--password-stdin"],
                settings: [
                    "LANYARD_PASSWORDS_MEMORY": "8MiB",
                    "LANYARD_PASSWORDS_ITERATIONS": "\(passes[number % passes.count])",
                ], input: password + "\n", in: folder)
            guard added.ending == .exit(0) else { throw Failure(added.standardError) }
        }
        return try RunningLanyard(
            settings: [
                "LANYARD_PASSWORDS_MEMORY": "8MiB", "LANYARD_PASSWORDS_ITERATIONS": "3",
                "LANYARD_PASSWORDS_LANES": "1", "LANYARD_ABUSE_ENABLED": "false",
            ], in: folder)
    }

    /// The chance that a login with an unknown name takes longer than one with an account's; 0.5 tells nothing.
    private static func areaUnderCurve(_ server: RunningLanyard, _ samples: Int) throws -> Double {
        let connection = try RawConnection(port: server.port)
        var known: [Duration] = [], unknown: [Duration] = []
        for number in -5..<samples {
            let names = ["user\(abs(number) % accounts)", "none\(number)"]
            // Neither is always the first.
            for isKnown in number.isMultiple(of: 2) ? [true, false] : [false, true] {
                let time = try time(of: isKnown ? names[0] : names[1], on: connection, server.port)
                guard number >= 0 else { continue }
                if isKnown { known.append(time) } else { unknown.append(time) }
            }
        }
        known.sort()
        unknown.sort()
        var pairs = 0.0
        var below = 0
        for time in unknown {
            while below < known.count, known[below] < time { below += 1 }
            pairs += Double(below)
        }
        return pairs / Double(known.count * unknown.count)
    }

    private static func time(of name: String, on connection: RawConnection, _ port: UInt16) throws -> Duration {
        let body = #"{"username":"\#(name)","password":"not the one of \#(name)"}"#
        let start = ContinuousClock.now
        try connection.send(
            "POST /login HTTP/1.1\r\nHost: localhost:\(port)\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let reply = try connection.reply(toHead: false)
        let time = start.duration(to: .now)
        guard reply.status == 401 else { throw Failure("\(reply.status): \(reply.text)") }
        return time
    }

    private static let accounts = 16
}

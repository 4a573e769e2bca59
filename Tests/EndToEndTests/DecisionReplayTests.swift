// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import LanyardBase
import LanyardStore
import Synchronization
import Testing

/// The decisions of a real server under load, made once more by the function that the model explores.
@Suite struct `Decisions in the log` {
    @Test func `are those of the model`() throws {
        let grace = Duration.seconds(1)
        let server = try RunningLanyard(
            ["--dev"],
            settings: [
                "LANYARD_SESSIONS_REFRESH_GRACE": "1s", "LANYARD_LOG_LEVEL": "debug", "LANYARD_LOG_FORMAT": "json",
            ])
        let jars = try (0..<4).map { _ in Jar(try server.logInAlice().refreshToken) }
        var rows: [String: RefreshDecision.Row] = [:]
        let stored = try server.sql(
            "SELECT id, current, previous, rotated_at FROM session", store: "data/dev/lanyard.sqlite3")
        for line in stored {
            let fields = line.split(separator: "\t")
            rows[String(fields[0])] = RefreshDecision.Row(
                current: try #require(Int64(fields[1])), previous: try #require(Int64(fields[2])),
                rotatedAt: UnixTime(milliseconds: try #require(Int64(fields[3]))))
        }
        // One of each that chance might leave out: the grace period after the login has to be over for the first.
        usleep(1_100_000)
        let first = jars[0].token
        let second = try TokenResponse(try server.refresh(first)).refreshToken
        for token in [first, second] { #expect(try server.refresh(token).status == 200) }
        jars[0].take(second)
        // Twelve tabs of four browsers; some answers are thrown away, so that tokens are recovered and reused as well.
        let end = ContinuousClock.now + grace * 4
        DispatchQueue.concurrentPerform(iterations: 12) { tab in
            let jar = jars[tab % jars.count]
            var round = 0
            while ContinuousClock.now < end {
                round += 1
                guard let reply = try? server.refresh(jar.token), let answer = try? TokenResponse(reply) else {
                    continue
                }
                if (round + tab) % 5 != 0 { jar.take(answer.refreshToken) }
            }
        }
        let lines = try server.logLines(of: "refresh_decided")
        #expect(lines.count > 50)
        var kinds: Set<String> = []
        for line in lines {
            let id = try line.string("sid")
            let before = try #require(rows[id])
            func number(_ name: String) throws -> Int64 { try #require(Int64(try line.string(name))) }
            let (generation, now) = (try number("generation"), UnixTime(milliseconds: try number("now_ms")))
            let decision = RefreshDecision(row: before, generation: generation, grace: grace, at: now)
            let after = decision.successor(of: before, generation: generation, at: now) ?? before
            #expect(try line.string("reason") == "\(decision)", "\(before) \(line)")
            #expect(try number("current") == after.current)
            #expect(try number("previous") == after.previous)
            #expect(try number("rotated_at_ms") == after.rotatedAt.milliseconds)
            rows[id] = after
            kinds.insert("\(decision)")
        }
        #expect(kinds.isSuperset(of: ["keep", "rotate", "replay"]), "\(kinds)")
    }
}

/// The refresh token that the tabs of one browser share.
private final class Jar: Sendable {
    private let state: Mutex<String>

    init(_ token: String) {
        state = Mutex(token)
    }

    var token: String { state.withLock(\.self) }

    func take(_ token: String) { state.withLock { $0 = token } }
}

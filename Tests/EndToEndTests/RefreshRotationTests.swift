// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization
import Testing

/// The table of the contract, row by row.
///
/// Where a row needs a session that is young or is not, the server is started
/// again with another grace instead of waiting, so nothing here depends on how fast the machine is.
@Suite struct `The rotation of refresh tokens` {
    private static let never = ["LANYARD_SESSIONS_REFRESH_GRACE": "0s"]
    private static let minute = ["LANYARD_SESSIONS_REFRESH_GRACE": "60s"]

    @Test func `happens at each refresh when there is no grace`() throws {
        let server = try RunningLanyard(["--dev"], settings: Self.never)
        var tokens = [try server.logInAlice().refreshToken]
        for _ in 0..<5 { tokens.append(try TokenResponse(try server.refresh(tokens.last ?? "")).refreshToken) }
        #expect(Set(tokens).count == 6)
        let sessions = Set(tokens.map { $0.split(separator: ".")[1] })
        #expect(sessions.count == 1)
    }

    @Test func `recovers from a lost answer, and voids the token that was lost`() throws {
        let server = try RunningLanyard(["--dev"], settings: Self.never)
        let first = try server.logInAlice().refreshToken
        let lost = try TokenResponse(try server.refresh(first)).refreshToken
        let recovered = try TokenResponse(try server.refresh(first)).refreshToken
        #expect(Set([first, lost, recovered]).count == 3)
        #expect(try server.refresh(recovered).status == 200, "the client that lost an answer goes on")
        try expectProblem(try server.refresh(lost), 401, "invalid_grant")
    }

    @Test func `ends the session for both when a void token comes back`() throws {
        let server = try RunningLanyard(["--dev"], settings: Self.never)
        let first = try server.logInAlice().refreshToken
        let second = try TokenResponse(try server.refresh(first)).refreshToken
        let third = try TokenResponse(try server.refresh(second)).refreshToken
        try expectProblem(try server.refresh(first), 401, "invalid_grant")
        for token in [third, second, first] {
            try expectProblem(try server.refresh(token), 401, "invalid_grant")
        }
        let lines = server.process.standardError.lines(by: .usual) { $0.contains { $0.contains("session_reuse") } }
        #expect(lines != nil, "the theft is in the log")
        #expect(try TokenResponse(try server.refresh(try server.logInAlice().refreshToken)).reply.status == 200)
    }

    @Test func `of one session leaves the others alone`() throws {
        let server = try RunningLanyard(["--dev"], settings: Self.never)
        let bystander = try server.logInAlice().refreshToken
        let first = try server.logInAlice().refreshToken
        let second = try TokenResponse(try server.refresh(first)).refreshToken
        _ = try TokenResponse(try server.refresh(second))
        #expect(try server.refresh(first).status == 401)
        #expect(try server.refresh(bystander).status == 200)
    }

    @Test func `gives everybody who was late the same successor, byte for byte`() throws {
        let eager = try RunningLanyard(["--dev"], settings: Self.never)
        let first = try eager.logInAlice().refreshToken
        let second = try TokenResponse(try eager.refresh(first)).refreshToken

        let patient = try eager.restarted(["--dev"], settings: Self.minute)
        for _ in 0..<3 {
            #expect(try TokenResponse(try patient.refresh(first)).refreshToken == second, "replay")
            #expect(try TokenResponse(try patient.refresh(second)).refreshToken == second, "keep")
        }
    }

    @Test func `gives all of many tabs one successor`() throws {
        let eager = try RunningLanyard(["--dev"], settings: Self.never)
        let first = try eager.logInAlice().refreshToken
        let second = try TokenResponse(try eager.refresh(first)).refreshToken

        let patient = try eager.restarted(["--dev"], settings: Self.minute)
        let successors = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 16) { index in
            let answer = try? TokenResponse(try patient.refresh(index % 2 == 0 ? first : second))
            successors.withLock { $0.append(answer?.refreshToken ?? "refused") }
        }
        #expect(successors.withLock(\.self) == Array(repeating: second, count: 16))
    }

    @Test func `gives two at once two answers or one, and never ends the session`() throws {
        let server = try RunningLanyard(["--dev"], settings: Self.never)
        for _ in 0..<10 {
            let token = try server.logInAlice().refreshToken
            let successors = Mutex<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 2) { _ in
                let answer = try? TokenResponse(try server.refresh(token))
                successors.withLock { $0.append(answer?.refreshToken ?? "refused") }
            }
            // Without a grace one of them rotates and the other recovers, which voids what the first was given.
            let tokens = successors.withLock(\.self)
            #expect(Set(tokens).count == 2 && !tokens.contains("refused"))
            let newest = try #require(tokens.max { $0.generation < $1.generation })
            #expect(try server.refresh(newest).status == 200)
        }
    }

    @Test func `comes when the grace is over and not before`() throws {
        let server = try RunningLanyard(["--dev"], settings: ["LANYARD_SESSIONS_REFRESH_GRACE": "1s"])
        let start = ContinuousClock.now
        let first = try server.logInAlice().refreshToken
        var latest = first
        try Deadline.usual.poll {
            latest = try TokenResponse(try server.refresh(first)).refreshToken
            return latest != first
        }
        #expect(latest != first)
        #expect(ContinuousClock.now - start > .milliseconds(990), "a lower bound; stored times are whole milliseconds")
    }

    @Test func `lives through a restart of the server`() throws {
        let server = try RunningLanyard(["--dev"], settings: Self.never)
        let first = try server.logInAlice()
        let second = try TokenResponse(try server.refresh(first.refreshToken))
        let again = try server.restarted(["--dev"], settings: Self.never)
        let third = try TokenResponse(try again.refresh(second.refreshToken))
        #expect(try third.claims.string("sid") == first.claims.string("sid"))
        #expect(
            try AccessToken(third.accessToken).header.string("kid")
                == AccessToken(first.accessToken).header.string("kid"))
        #expect(try third.claims.integer("auth_time") == first.claims.integer("auth_time"))
    }

    @Test func `is over when the session is, by idling or by age`() throws {
        for (idle, absolute) in [("1h", "30d"), ("1h", "1h")] {
            let server = try RunningLanyard(
                ["--dev"],
                settings: [
                    "LANYARD_SESSIONS_IDLE_LIFETIME": idle, "LANYARD_SESSIONS_ABSOLUTE_LIFETIME": absolute,
                    "LANYARD_SESSIONS_REFRESH_GRACE": "60s",
                ], by: MovableClock())
            var login = try server.logInAlice()
            #expect(try login.object.integer("refresh_expires_in") == 3_600)
            // Half of the time for idling does not end the session, and begins it again.
            try server.letPass(.seconds(1_800))
            login = try TokenResponse(server.refresh(login.refreshToken))
            let left = absolute == "1h" ? 1_790...1_800 : 3_600...3_600
            #expect(try left.contains(login.object.integer("refresh_expires_in")))
            try server.letPass(.seconds(1_740))
            login = try TokenResponse(server.refresh(login.refreshToken))
            // An access token does not outlive its session.
            let lifetime = try login.claims.integer("exp") - login.claims.integer("iat")
            #expect((absolute == "1h" ? 1...60 : 900...900).contains(lifetime))
            try server.letPass(.seconds(absolute == "1h" ? 61 : 3_601))
            try expectProblem(try server.refresh(login.refreshToken), 401, "invalid_grant")
        }
    }

    @Test func `is over when the session is, by the clock of the machine`() throws {
        let server = try RunningLanyard(
            ["--dev"],
            settings: [
                "LANYARD_SESSIONS_IDLE_LIFETIME": "10s", "LANYARD_SESSIONS_ABSOLUTE_LIFETIME": "10s",
                "LANYARD_SESSIONS_REFRESH_GRACE": "60s",
            ])
        let login = try server.logInAlice()
        var reply = login.reply
        try Deadline.usual.poll {
            reply = try server.refresh(login.refreshToken)
            return reply.status != 200
        }
        try expectProblem(reply, 401, "invalid_grant")
    }
}

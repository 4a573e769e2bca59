// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization
import TestSupport
import Testing

/// The promises of the contract, section 6, on real servers that share a store; all that can happen in principle is
/// explored by the model among the store's tests.
@Suite struct `A session under siege` {
    @Test func `goes on for tabs that refresh at once, whichever of two servers each asks`() throws {
        let grace = Duration.seconds(4)
        let settings = ["LANYARD_SESSIONS_REFRESH_GRACE": "4s"]
        let first = try RunningLanyard(["--dev"], settings: settings)
        let second = try RunningLanyard(["--dev"], settings: settings, in: first.folder)
        let jar = Mutex(try first.logInAlice().refreshToken)
        let graces = Thoroughness.rounds(3, sample: 1)
        let end = ContinuousClock.now + grace * graces + .milliseconds(500)
        let refusals = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 6) { tab in
            var turn = tab
            while ContinuousClock.now < end, refusals.withLock(\.isEmpty) {
                turn += 1
                let token = jar.withLock(\.self)
                let start = ContinuousClock.now
                do {
                    let reply = try (turn % 2 == 0 ? first : second).refresh(token)
                    let time = ContinuousClock.now - start
                    guard reply.status == 200 else {
                        throw Failure("\(token.generation): \(reply.status) \(reply.text) after \(time)")
                    }
                    let answer = try TokenResponse(reply).refreshToken
                    jar.withLock { newest in
                        if answer.generation > newest.generation { newest = answer }
                    }
                    // What the promise asks of the client; only a machine that stands still keeps this one from it.
                    guard time < grace / 2 else { throw Failure("a refresh took \(time)") }
                } catch {
                    refusals.withLock { $0.append("\(error)") }
                }
            }
        }
        #expect(refusals.withLock(\.self) == [])
        let generations = jar.withLock(\.self).generation
        #expect((graces...graces + 2).contains(generations), "one rotation in each grace, and no more: \(generations)")
    }

    @Test func `goes on for a client that gives up again and again`() throws {
        let settings = ["LANYARD_SESSIONS_REFRESH_GRACE": "0s"]
        let first = try RunningLanyard(["--dev"], settings: settings)
        let second = try RunningLanyard(["--dev"], settings: settings, in: first.folder)
        var token = try first.logInAlice().refreshToken
        let login = token.generation
        var answers = 0
        for round in 0..<400 {
            let server = round % 2 == 0 ? first : second
            let connection = try RawConnection(port: server.port)
            let body = "refresh_token=\(token)"
            try connection.send(
                "POST /refresh HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
            // Most are given up at once or soon; closing is all that the server learns of it.
            if round % 8 != 0 {
                if round % 3 == 0 { _ = try? connection.reply(by: .after(.milliseconds(round % 7))) }
                continue
            }
            let answer = try TokenResponse(try connection.reply())
            token = answer.refreshToken
            answers += 1
        }
        #expect(answers == 50)
        #expect(try first.refresh(token).status == 200)
        #expect(token.generation > login + 50, "some of those that were given up had been decided before")
    }
}

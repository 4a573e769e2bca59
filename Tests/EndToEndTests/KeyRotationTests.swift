// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// Two servers on one store while their keys change.
@Suite struct `Two servers on one store` {
    @Test func `sign with nothing that the other does not publish, when keys rotate now`() throws {
        let service = try KeyService()
        let servers = [try service.start(), try service.start()]
        let old = try service.kid("active")
        let login = try servers[1].logInBob()
        let watch = try KeyWatch(servers)
        #expect(watch.waits(for: old))
        try service.order("rotate", "--now", "--in", "5s")
        let next = try service.kid("next")
        #expect(watch.waits(for: next))
        let rounds = watch.sight.rounds
        #expect(happens(within: .seconds(10)) { watch.sight.rounds > rounds + 20 })
        let sight = try watch.stop()
        #expect(sight.troubles == [])
        #expect(sight.signers == [[old, next], [old, next]], "each changes once")
        // A verifier that reads the key set now still accepts what the old key has signed.
        for server in servers {
            #expect(try KeyService.verify(login.accessToken, by: server.keySet()) == old)
            #expect(try server.publishedKids() == [old, next])
            #expect(try server.refresh(login, presenting: login.accessToken).status == 200)
        }
        #expect(try service.keys().map(\.state) == ["retired", "active"])
    }

    @Test func `replace a revoked key, and its revoked successor, without a moment without a key`() throws {
        let service = try KeyService()
        let servers = [try service.start(), try service.start()]
        let old = try service.kid("active")
        let login = try servers[0].logInBob()
        let watch = try KeyWatch(servers)
        #expect(watch.waits(for: old))
        #expect(try service.order("revoke", old).contains(old))
        let first = try service.kid("next")
        try service.order("revoke", first)
        let second = try service.kid("next")
        #expect(second != first)
        #expect(watch.waits(for: second))
        #expect(try happens(within: .seconds(5)) { try servers.allSatisfy { try $0.publishedKids() == [second] } })
        let sight = try watch.stop()
        #expect(sight.signers == [[old, second], [old, second]])
        // What the revoked key signs last is refused by those who follow a server that was quicker: nobody is to trust it.
        #expect(sight.troubles.filter { !$0.contains("key \(old)") } == [])
        for server in servers {
            try expectProblem(try server.refresh(login, presenting: login.accessToken), 401, "invalid_token")
            let answer = try TokenResponse(try server.refresh(login.refreshToken))
            #expect(try answer.kid == second, "the session lives on")
        }
    }

    @Test func `accept each other's refresh tokens while the key of these changes`() throws {
        let service = try KeyService()
        let servers = [try service.start(), try service.start()]
        let before = try servers[0].logInBob()
        let watch = try KeyWatch(servers)
        let start = ContinuousClock.now
        try service.order("rotate", "--refresh")
        // Every replica has read it after 5 s, and makes tokens with it after 5 s more.
        Deadline.after(.seconds(10)).poll { start.duration(to: .now) >= .seconds(10) || !watch.sight.troubles.isEmpty }
        let sight = try watch.stop()
        #expect(sight.troubles == [])
        #expect(sight.rounds > 20)
        let after = try servers[1].logInBob()
        for server in servers {
            // A token that is kept is the same, byte for byte, whatever makes new ones.
            let kept = try TokenResponse(try server.refresh(before.refreshToken))
            #expect(kept.refreshToken == before.refreshToken)
            #expect(try server.refresh(after.refreshToken).status == 200)
        }
        // The two newest check: the next one drops the first, which shows what each token was made with.
        try service.order("rotate", "--refresh")
        for server in servers {
            #expect(try happens(within: .seconds(5)) { try server.refresh(before.refreshToken).status == 401 })
            try expectProblem(try server.refresh(before.refreshToken), 401, "invalid_grant")
            #expect(try server.refresh(after.refreshToken).status == 200)
        }
    }

    @Test func `give out no refresh token that nobody takes, when the key of these changes twice in a row`() throws {
        let service = try KeyService()
        let servers = [try service.start(), try service.start()]
        for _ in 0..<2 { try service.order("rotate", "--refresh") }
        let tokens = try servers.map { try $0.logInBob().refreshToken }
        // By then both have read what the commands have written.
        let start = ContinuousClock.now
        Deadline.after(.seconds(3)).poll { start.duration(to: .now) >= .seconds(3) }
        for server in servers {
            for token in tokens { #expect(try server.refresh(token).status == 200) }
        }
    }

    @Test func `sign nothing with a key that was revoked while one stood still`() throws {
        let service = try KeyService()
        let servers = [try service.start(), try service.start()]
        let old = try service.kid("active")
        let login = try servers[0].logInBob()
        servers[0].process.send(SIGSTOP)
        defer { servers[0].process.send(SIGCONT) }
        try service.order("revoke", old)
        #expect(try happens(within: .seconds(15)) { try servers[1].publishedKids() != [old] })
        #expect(try happens(within: .seconds(15)) { try !servers[1].publishedKids().contains(old) })
        let connection = try RawConnection(port: servers[0].port)
        let body = #"{"refresh_token":"\#(login.refreshToken)"}"#
        // Asked before it wakes up, so that it is answered first of all.
        try connection.send(
            Array(
                """
                POST /refresh HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                Content-Length: \(body.utf8.count)\r\n\r\n\(body)
                """.utf8))
        servers[0].process.send(SIGCONT)
        #expect(try TokenResponse(try connection.reply()).kid != old)
        #expect(try KeyService.verify(servers[0].logInBob().accessToken, by: servers[1].keySet()) != old)
    }

    @Test func `follow a change of the algorithm through a key that is published first`() throws {
        var service = try KeyService()
        let first = try service.start()
        let old = try service.kid("active")
        let login = try first.logInBob()
        try first.stop()
        service.settings["LANYARD_KEYS_ALGORITHM"] = "ES256"
        let server = try service.start()
        #expect(try happens(within: .seconds(5)) { try server.publishedKids().count == 2 })
        let keys = try service.keys()
        try #require(keys.map(\.state) == ["active", "next"])
        #expect(keys.map(\.algorithm) == ["EdDSA", "ES256"])
        #expect(try server.logInBob().kid == old)

        try service.order("rotate", "--now", "--in", "5s")
        #expect(try server.signs(with: keys[1].kid, for: login))
        let token = try server.logInBob().accessToken
        #expect(try AccessToken(token).header.string("alg") == "ES256")
        #expect(try KeyService.verify(token, by: server.keySet()) == keys[1].kid)
        #expect(try KeyService.verify(login.accessToken, by: server.keySet()) == old)
        // That was the change; nothing more is to come.
        #expect(try server.publishedKids() == [old, keys[1].kid])
    }
}

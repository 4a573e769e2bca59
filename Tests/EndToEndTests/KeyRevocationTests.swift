// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct `A revoked key` {
    @Test func `that signs does so until another can, and is trusted for nothing then`() throws {
        // Its own issuer, so that a verifier can find the key set.
        let service = try KeyService(["LANYARD_ISSUER": ""])
        let server = try service.start()
        let old = try service.kid("active")
        let login = try server.logInBob()
        #expect(try server.refresh(login, presenting: login.accessToken).status == 200)

        let said = try service.order("revoke", old)
        let next = try service.kid("next")
        #expect(said.contains(old))
        #expect(said.contains(next))
        #expect(said.contains(/until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/), "until when verifiers may accept it: \(said)")
        // Twice is once.
        let list = try service.key("list", "--json").standardOutput
        #expect(try service.order("revoke", old).contains("already"))
        #expect(try service.key("list", "--json").standardOutput == list)

        #expect(try happens(within: .seconds(15)) { try server.publishedKids() == [next] })
        #expect(try service.keys().map(\.kid) == [next])
        try expectProblem(try server.refresh(login, presenting: login.accessToken), 401, "invalid_token")
        let fresh = try TokenResponse(try server.refresh(login.refreshToken))
        #expect(try fresh.kid == next)
        #expect(try fresh.claims.string("sid") == login.claims.string("sid"), "the session lives on")
        #expect(try server.refresh(login, presenting: fresh.accessToken).status == 200)

        #expect(try service.run(["token", "verify", fresh.accessToken, "--issuer", server.url]).ending == .exit(0))
        try expectRefusal(try service.run(["token", "verify", login.accessToken, "--issuer", server.url]), 1)
        #expect(try service.order("revoke", old).contains("already"))

        // And so it is for those who start later.
        let restarted = try RunningLanyard(settings: service.settings, in: service.folder)
        #expect(try restarted.publishedKids() == [next])
        try expectProblem(try restarted.refresh(login, presenting: login.accessToken), 401, "invalid_token")
    }

    @Test func `that was to sign next leaves at once`() throws {
        let service = try KeyService()
        let server = try service.start()
        let active = try service.kid("active")
        try service.order("rotate")
        let next = try service.kid("next")
        #expect(try happens(within: .seconds(5)) { try server.publishedKids() == [active, next] })
        #expect(try service.order("revoke", next).contains(next))
        #expect(try happens(within: .seconds(5)) { try server.publishedKids() == [active] })
        #expect(try service.keys().map(\.kid) == [active])
        #expect(try server.logInBob().kid == active)
        #expect(try service.order("revoke", next).contains("already"))
        // There is room for another.
        try service.order("rotate")
        #expect(try service.kid("next") != next)
    }

    @Test func `that is retired leaves at once, and what it signed is refused`() throws {
        let service = try KeyService()
        let server = try service.start()
        let old = try service.kid("active")
        let login = try server.logInBob()
        try service.order("rotate", "--now", "--in", "5s")
        let next = try service.kid("next")
        #expect(try server.signs(with: next, for: login))
        #expect(try server.refresh(login, presenting: login.accessToken).status == 200, "retired is not revoked")

        let said = try service.order("revoke", old)
        #expect(said.contains(old))
        #expect(said.contains(/until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/), "until when verifiers may accept it: \(said)")
        #expect(try happens(within: .seconds(5)) { try server.publishedKids() == [next] })
        try expectProblem(try server.refresh(login, presenting: login.accessToken), 401, "invalid_token")
        #expect(try TokenResponse(try server.refresh(login.refreshToken)).kid == next)
        #expect(try service.order("revoke", old).contains("already"))
        #expect(try service.keys().map(\.kid) == [next])
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct `A server that starts on a store` {
    private static func settings(_ issuer: String) -> [String: String] { ["LANYARD_ISSUER": issuer] }

    @Test func `warns if the store last served another issuer`() throws {
        var server = try RunningLanyard(settings: Self.settings("https://a.example.com"))
        #expect(try server.logLines(of: "issuer_changed").isEmpty)
        server = try server.restarted(settings: Self.settings("https://a.example.com"))
        #expect(try server.logLines(of: "issuer_changed").isEmpty)
        server = try server.restarted(settings: Self.settings("https://b.example.com"))
        let line = try #require(try server.logLines(of: "issuer_changed").first)
        #expect(try line.string("level") == "warning")
        #expect(try line.string("previous") == "https://a.example.com")
        #expect(try line.string("issuer") == "https://b.example.com")
        server = try server.restarted(settings: Self.settings("https://b.example.com"))
        #expect(try server.logLines(of: "issuer_changed").isEmpty)
    }

    @Test func `logs that its clock is behind the record of another, and serves`() throws {
        var server = try RunningLanyard()
        try server.add("bob")
        let login = try server.open("bob")
        #expect(try server.logLines(of: "clock_behind").isEmpty)
        let ahead = "UPDATE meta SET clock_at = clock_at + 864000000"
        let refreshed = "UPDATE session SET current = 2, previous = 1, rotated_at = rotated_at + 864000000"
        try server.sql(ahead, refreshed)
        server = try server.restarted()
        let line = try #require(try server.logLines(of: "clock_behind").first)
        #expect(try line.string("level") == "error")
        #expect(try server.get("/readyz").status == 200)
        // Two tabs, after one refresh by the server that was ten days ahead.
        for _ in 0..<2 {
            let reply = try TokenResponse(try server.refresh(login.refreshToken))
            #expect(reply.refreshToken.split(separator: ".")[2] == "2")
            #expect(try TokenResponse(try server.refresh(reply.refreshToken)).refreshToken == reply.refreshToken)
        }
    }
}

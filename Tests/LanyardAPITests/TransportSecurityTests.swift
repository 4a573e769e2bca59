// SPDX-License-Identifier: Apache-2.0

import LanyardAPI
import LanyardCore
import LanyardHTTP
import TestSupport
import Testing

@Suite struct `Transport security` {
    static let requests = [
        ("GET", "/.well-known/jwks.json", 200), ("GET", "/livez", 200), ("GET", "/none", 404), ("GET", "/login", 405),
        ("POST", "/login", 400), ("OPTIONS", "/login", 204), ("OPTIONS", "*", 204),
    ]

    @Test(arguments: requests)
    func `is demanded in every answer under TLS, and in none without`(
        method: String, target: String, status: Int
    ) async throws {
        let secure = try await ServiceFixture { $0.demandsTLS = true }
        let answer = try secure.send(method, target)
        #expect(answer.status == status)
        #expect(answer["strict-transport-security"] == "max-age=63072000")
        let plain = try await ServiceFixture()
        #expect(try plain.send(method, target)["strict-transport-security"] == nil)
    }

    @Test func `is demanded of who sends no request`() async throws {
        let fixture = try await ServiceFixture { $0.demandsTLS = true }
        let client = try fixture.server.connect()
        try client.send("nonsense\r\n\r\n")
        let answer = try client.readResponse()
        #expect(answer.status == 400)
        #expect(answer["strict-transport-security"] == "max-age=63072000")
    }
}

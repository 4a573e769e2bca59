// SPDX-License-Identifier: Apache-2.0

import LanyardAPI
import LanyardCoding
internal import LanyardHTTP
import Testing

@Suite struct `What the routes declare` {
    @Test func `is there for every endpoint of the contract`() async throws {
        let interface = try await ServiceFixture().interface
        let names = Set(interface.operations.map { "\($0.method.rawValue) \($0.path)" })
        let expected: Set = [
            "POST /login", "POST /refresh", "POST /token", "POST /introspect", "POST /revoke", "POST /logout",
            "GET /me",
            "GET /sessions", "DELETE /sessions/{id}", "POST /password", "GET /verify", "GET /.well-known/jwks.json",
            "GET /.well-known/oauth-authorization-server", "GET /.well-known/openid-configuration", "GET /livez",
            "GET /readyz", "GET /healthz", "GET /lanyard.js",
        ]
        #expect(expected.isSubset(of: names), "\(expected.subtracting(names))")
    }

    /// The check that every response of these tests passes through.
    @Test func `differs from a member that is missing, null, of another kind or not declared`() {
        let shape = ObjectShape(.init("a", .string), .init("b", .boolean), .init("c", .strings))
        #expect(
            shape.differences(from: ["a": 1, "b": .null, "d": "x"])
                == ["d is not declared", "a is no string", "b is null", "c is missing"])
        #expect(shape.differences(from: ["a": "x", "b": true, "c": ["y"]]) == [])
        let lenient = ObjectShape(.init("a", .string).optional, .init("b", .boolean).nullable)
        #expect(lenient.differences(from: ["b": .null]) == [])
    }
}

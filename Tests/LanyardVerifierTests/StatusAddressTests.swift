// SPDX-License-Identifier: Apache-2.0

import LanyardCoding
import LanyardVerifier
import Testing

@Suite struct `Addresses of status lists` {
    static let issuers = ["https://issuer.example", "https://issuer.example:8443/a/b", "http://localhost:8080"]

    @Test(arguments: issuers)
    func `are those below the issuer`(issuer: String) throws {
        for number in ["0", "1", "42", "9223372036854775807"] {
            #expect(try reference("\(issuer)/status/\(number)").isBelow(issuer: issuer))
        }
    }

    @Test(arguments: [
        "", "/status/1", "https://issuer.example", "https://issuer.example/status", "https://issuer.example/status/",
        "https://issuer.example/status/a", "https://issuer.example/status/1a", "https://issuer.example/status/01",
        "https://issuer.example/status/00", "https://issuer.example/status/-1", "https://issuer.example/status/+1",
        "https://issuer.example/status/1/", "https://issuer.example/status/1/2", "https://issuer.example/status/1?a",
        "https://issuer.example/status/1?time=1", "https://issuer.example/status/1#a",
        "https://issuer.example/status/1 ", " https://issuer.example/status/1", "https://issuer.example/status/1\n",
        "https://issuer.example/status/1\r\nHost: other", "https://issuer.example/status/../1",
        "https://issuer.example/status/..", "https://issuer.example/../status/1", "https://issuer.example/a/status/1",
        "https://issuer.example//status/1", "https://issuer.example/status//1", "https://issuer.example/Status/1",
        "https://issuer.example/statuslists/1", "https://issuer.example/status/%31",
        "https://issuer.example/status/\u{661}",
        "https://issuer.example/status/\u{FF11}", "https://issuer.example/status/1\u{301}",
        "https://issuer.example/status/12345678901234567890", "http://issuer.example/status/1",
        "HTTPS://issuer.example/status/1", "https://ISSUER.example/status/1", "https://issuer.example./status/1",
        "https://issuer.example:443/status/1", "https://issuer.example.other.example/status/1",
        "https://issuer.example@other.example/status/1", "https://issuer.example:1@other.example/status/1",
        "https://user@issuer.example/status/1", "https://other.example/status/1", "https://127.0.0.1/status/1",
        "https://169.254.169.254/status/1", "file:///status/1", "//issuer.example/status/1",
        "https://other.example/https://issuer.example/status/1", "https:/issuer.example/status/1",
        "https://issuer.example\\status/1", "https://issuer.example/status/1\u{0}",
    ])
    func `are no others`(uri: String) throws {
        #expect(try !reference(uri).isBelow(issuer: "https://issuer.example"))
    }

    /// The place that a token names, by way of a token.
    private func reference(_ uri: String) throws -> StatusReference {
        let issuer = try TestIssuer()
        var claims = issuer.claims
        claims["status"] = ["status_list": ["idx": 0, "uri": .string(uri)]]
        let token = try Verifier(issuer: issuer.name, audience: "api")
            .verify(issuer.token(claims), keys: issuer.keys, at: 1_700_000_000)
        return try #require(token.status)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(.enabled(if: StatusIssuer.hasPython, "python3 is installed"))
struct `The command token verify, of a token with a status` {
    let issuer: StatusIssuer

    init() throws {
        issuer = try StatusIssuer()
    }

    @Test func `asks the issuer, and says no to what was revoked`() throws {
        try issuer.publish(revoked: [7])
        let good = try verify(issuer.token(index: 8))
        #expect(good.ending == .exit(0), "\(good.standardError)")
        #expect(try JSONObject(good.standardOutput).string("sub") == "account")
        #expect(good.standardError == "")
        #expect(issuer.asked == ["/.well-known/oauth-authorization-server", "/jwks.json", "/status/1"])

        let revoked = try verify(issuer.token(index: 7))
        try expectRefusal(revoked, 1)
        #expect(revoked.standardError == "lanyard: the token is not valid: it was revoked\n")
    }

    @Test func `says no to an index that the list does not have`() throws {
        try issuer.publish(revoked: [])
        try expectRefusal(verify(issuer.token(index: 8_192)), 1)
    }

    @Test func `asks nobody but the issuer`() throws {
        let other = try StatusIssuer()
        try other.publish(revoked: [])
        for uri in ["\(other.name)/status/1", "\(issuer.name)/status/../status/1", "\(issuer.name)/status/1?a"] {
            let token = try issuer.token(status: #"{"status_list":{"idx":1,"uri":"\#(uri)"}}"#)
            let output = try verify(token)
            try expectRefusal(output, 1)
            #expect(output.standardError.contains("not with its issuer"))
        }
        #expect(other.asked.isEmpty)
        #expect(!issuer.asked.contains { $0.contains("status") })
    }

    @Test func `does not ask for the list of a token that is not good`() throws {
        try issuer.publish(revoked: [])
        try expectRefusal(verify(issuer.token(index: 1), "--audience", "other"), 1)
        #expect(!issuer.asked.contains("/status/1"))
    }

    @Test func `cannot tell without the list, and says how to go without`() throws {
        let token = try issuer.token(index: 7)
        let output = try verify(token)
        try expectRefusal(output, 69)
        #expect(output.standardError.contains("whether the token was revoked is not known"))
        #expect(output.standardError.contains("--without-status"))
        #expect(issuer.asked.last == "/status/1")

        let without = try verify(token, "--without-status")
        #expect(without.ending == .exit(0))
        #expect(without.standardError == "")
        #expect(issuer.asked.filter { $0 == "/status/1" }.count == 1)
    }

    @Test func `cannot tell by a list that cannot be trusted`() throws {
        try issuer.publish("no list")
        try expectRefusal(verify(issuer.token(index: 7)), 69)
        try issuer.publish(revoked: [], type: "at+jwt")
        try expectRefusal(verify(issuer.token(index: 7)), 69)
        try issuer.publish(revoked: [], age: 3_601)
        let expired = try verify(issuer.token(index: 7))
        try expectRefusal(expired, 69)
        #expect(expired.standardError.contains("it expired at"))
        // The list of another number in its place.
        try issuer.publish(revoked: [], as: "2")
        try issuer.publish(String(decoding: issuer.folder.bytes(of: "www/status/2"), as: UTF8.self), as: "3")
        try expectRefusal(verify(issuer.token(index: 7, list: "3")), 69)
        #expect(try verify(issuer.token(index: 7, list: "2")).ending == .exit(0))
    }

    @Test func `needs no list for a token that has no place in one`() throws {
        for status in [nil, #"{"other":{}}"#] {
            #expect(try verify(issuer.token(status: status)).ending == .exit(0))
        }
        #expect(!issuer.asked.contains { $0.contains("status") })
    }

    @Test func `has nobody to ask with a key set from a file, and says so beside the claims`() throws {
        let token = try issuer.token(index: 7)
        let output = try issuer.run(["token", "verify", token, "--jwks", "keys.json"])
        #expect(output.ending == .exit(0))
        #expect(try JSONObject(output.standardOutput).string("sub") == "account")
        #expect(output.complaints.count == 1)
        #expect(output.standardError.contains("not checked with --jwks"))
        let silent = try issuer.run(["token", "verify", token, "--jwks", "keys.json", "--without-status"])
        #expect(silent.standardError == "" && silent.ending == .exit(0))
        let service = try issuer.token(status: nil)
        #expect(try issuer.run(["token", "verify", service, "--jwks", "keys.json"]).standardError == "")
        #expect(issuer.asked.isEmpty)
    }

    private func verify(_ token: String, _ more: String...) throws -> Lanyard.Output {
        try issuer.run(["token", "verify", token, "--issuer", issuer.name] + more)
    }
}

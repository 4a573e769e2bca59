// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite(.server("--dev"))
struct `The token commands` {
    let server: RunningLanyard
    let token: String

    init() throws {
        server = try .shared()
        token = try server.logInAlice().accessToken
    }

    @Test func `decode a token without asking anybody`() throws {
        for output in [
            try server.run(["token", "decode", token]), try server.run(["token", "decode", "-"], input: token + "\n"),
        ] {
            #expect(output.ending == .exit(0))
            let object = try JSONObject(output.standardOutput)
            #expect(object.names == ["header", "claims"])
            #expect(try object.object("header").string("alg") == "RS256")
            #expect(try object.object("claims").string("preferred_username") == "alice")
        }
    }

    @Test(arguments: ["", "x", "a.b.c", "e30.e30", "e30.e30.e30.e30"])
    func `decode nothing that is no token`(text: String) throws {
        try expectRefusal(try server.run(["token", "decode", text]), 65)
    }

    @Test func `verify a token by its issuer`() throws {
        let output = try server.run(["token", "verify", token, "--issuer", issuer])
        #expect(output.ending == .exit(0), "\(output.standardError)")
        #expect(try JSONObject(output.standardOutput).string("preferred_username") == "alice")
        let input = try server.run(["token", "verify", "-", "--issuer", issuer, "--audience", "lanyard"], input: token)
        #expect(input.ending == .exit(0))
    }

    @Test func `verify a token by a key set in a file, without a network`() throws {
        try server.folder.write("keys.json", try server.get("/.well-known/jwks.json").text)
        let output = try server.run(["token", "verify", token, "--jwks", "keys.json"])
        #expect(output.ending == .exit(0), "\(output.standardError)")
        #expect(try JSONObject(output.standardOutput).string("iss") == issuer)
    }

    @Test func `refuse a token for another audience`() throws {
        let output = try server.run(["token", "verify", token, "--issuer", issuer, "--audience", "bank"])
        try expectRefusal(output, 1)
    }

    @Test func `refuse a token with any part changed`() throws {
        try server.folder.write("keys-2.json", try server.get("/.well-known/jwks.json").text)
        let bytes = Array(token.utf8)
        for index in stride(from: 0, to: bytes.count, by: 17) + [bytes.count - 1] {
            var changed = bytes
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let text = String(decoding: changed, as: UTF8.self)
            let output = try server.run(["token", "verify", text, "--jwks", "keys-2.json"])
            #expect(output.ending == .exit(1), "byte \(index)")
            #expect(output.standardOutput == "")
        }
    }

    @Test func `refuse a token that is not signed`() throws {
        let parts = token.split(separator: ".")
        let none = Data(#"{"alg":"none","typ":"at+jwt"}"#.utf8).base64EncodedString().replacing("=", with: "")
        for text in ["\(none).\(parts[1]).", "\(none).\(parts[1]).\(parts[2])", "\(parts[0]).\(parts[1])."] {
            try expectRefusal(try server.run(["token", "verify", text, "--issuer", issuer]), 1)
        }
    }

    @Test func `refuse what is no token, and the token of a stranger`() throws {
        let stranger = try RunningLanyard(["--dev"]).logInAlice().accessToken
        for text in ["", "x", stranger] {
            try expectRefusal(try server.run(["token", "verify", text, "--issuer", issuer]), 1)
        }
    }

    @Test func `want exactly one source of keys`() throws {
        #expect(try server.run(["token", "verify", token]).ending == .exit(64))
        let both = try server.run(["token", "verify", token, "--issuer", issuer, "--jwks", "keys.json"])
        #expect(both.ending == .exit(64))
        try expectRefusal(try server.run(["token", "verify", token, "--jwks", "missing.json"]), 65)
    }

    private var issuer: String { "http://localhost:\(server.port)" }
}

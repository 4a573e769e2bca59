// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct `The key commands` {
    private static let time = #"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"#

    @Test func `list keys with every member, in the order of the contract`() throws {
        let service = try KeyService()
        let first = try service.key("list", "--json")
        #expect(first.ending == .exit(0))
        #expect(first.standardError == "")
        let active = try Regex(
            #"\[\{"kid":"[\w-]{43}","alg":"EdDSA","state":"active","created":"\#(Self.time)","signs_from":"\#(Self.time)","#
                + #""retired":null,"gone":null\}\]\n"#)
        #expect(try active.wholeMatch(in: first.standardOutput) != nil, "\(first.standardOutput)")

        try service.order("rotate")
        let keys = try service.keys()
        try #require(keys.map(\.state) == ["active", "next"])
        #expect(keys.allSatisfy { $0.retired == nil && $0.gone == nil })
        let lead = try instant(keys[1].signsFrom).timeIntervalSince(instant(keys[0].signsFrom))
        #expect(lead >= 3_600, "keys.publish_lead is 1 h")

        let lines = try service.key("list").standardOutput.split(separator: "\n")
        #expect(lines.count == 2)
        for (line, key) in zip(lines, keys) {
            #expect([key.kid, key.algorithm, key.state].allSatisfy(line.contains), "\(line)")
        }
    }

    @Test func `publish a key, on a server that runs, and change nothing the second time`() throws {
        let service = try KeyService()
        let server = try service.start()
        let active = try service.kid("active")
        #expect(try server.publishedKids() == [active])
        let said = try service.order("rotate")
        let next = try #require(try service.keys().last)
        #expect(next.state == "next")
        #expect(said.contains(next.kid))
        #expect(said.contains(next.signsFrom), "it says when the key will sign")
        #expect(try happens(within: .seconds(5)) { try server.publishedKids() == [active, next.kid] })

        let list = try service.key("list", "--json").standardOutput
        let again = try service.order("rotate")
        #expect(again.contains(next.kid))
        #expect(again.contains(next.signsFrom))
        #expect(try service.key("list", "--json").standardOutput == list)
        #expect(try server.publishedKids() == [active, next.kid])
        #expect(try server.logInBob().kid == active, "published and not signing")
    }

    @Test func `publish a key to those too whose connection asked for something else first`() throws {
        let service = try KeyService()
        let server = try service.start()
        // Enough that every event loop has some.
        let connections = try (0..<16).map { _ in try RawConnection(port: server.port) }
        try service.order("rotate")
        let next = try service.kid("next")
        #expect(try happens(within: .seconds(5)) { try !server.logLines(of: "key_published").isEmpty })
        let refresh = "POST /refresh HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        let body = #"{"refresh_token":"x"}"#
        for connection in connections {
            try connection.send(Array("\(refresh)Content-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8))
            try expectProblem(try connection.reply(), 401, "invalid_grant")
            try connection.send(Array("GET /.well-known/jwks.json HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
            #expect(try connection.reply().text.contains(next))
        }
    }

    @Test func `let a key sign within seconds, and the old key's tokens stay good`() throws {
        // Its own issuer, so that a verifier can find the key set.
        let service = try KeyService(["LANYARD_ISSUER": ""])
        let server = try service.start()
        let old = try service.kid("active")
        let login = try server.logInBob()
        #expect(try login.kid == old)
        let said = try service.order("rotate", "--now", "--in", "5s")
        let next = try service.kid("next")
        #expect(said.contains(next))
        #expect(said.contains(old))
        let list = try service.key("list", "--json").standardOutput
        // Twice in a hurry is once.
        #expect(try service.order("rotate", "--now", "--in", "5s").contains(next))
        #expect(try service.key("list", "--json").standardOutput == list)

        #expect(try server.signs(with: next, for: login))
        #expect(try server.publishedKids() == [old, next])
        let keys = try service.keys()
        try #require(keys.map(\.state) == ["retired", "active"])
        let stay = try instant(#require(keys[0].gone)).timeIntervalSince(instant(#require(keys[0].retired)))
        #expect(stay >= 900 + 30 + 300 + 60, "the access lifetime, leeway, max-age, stale-while-revalidate")
        #expect(said.contains(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/), "it says until when")
        #expect(try privateHalves(of: service) == [next])

        try server.folder.write("keys.json", String(decoding: server.keySet(), as: UTF8.self))
        for token in [login.accessToken, try server.logInBob().accessToken] {
            for source in [["--jwks", "keys.json"], ["--issuer", server.url]] {
                let output = try service.run(["token", "verify", token] + source)
                #expect(output.ending == .exit(0), "\(output.standardError)")
            }
        }
        #expect(try server.refresh(login, presenting: login.accessToken).status == 200)
    }

    static let algorithms = ["RS256", "PS256", "ES256", "EdDSA"]

    @Test(.enabled(if: KeyFiles.hasOpenSSL), arguments: algorithms)
    func `export what the key set has, and PEM with which openssl verifies a token`(algorithm: String) throws {
        let service = try KeyService(["LANYARD_KEYS_ALGORITHM": algorithm])
        let server = try service.start()
        let kid = try service.kid("active")
        let published = try #require(try JSONObject(server.keySet()).objects("keys").first)
        let exported = try JSONObject(try service.order("export", kid))
        #expect(exported.names == published.names)
        for name in exported.names where name != "key_ops" {
            #expect(try exported.string(name) == published.string(name), "\(name)")
        }
        #expect(exported.names.isDisjoint(with: ["d", "p", "q", "dp", "dq", "qi", "k"]), "the public half only")
        #expect(try exported.string("kid") == kid)
        #expect(try exported.string("alg") == algorithm)

        let pem = try service.order("export", kid, "--pem")
        #expect(pem.hasPrefix("-----BEGIN PUBLIC KEY-----\n"))
        #expect(pem.hasSuffix("-----END PUBLIC KEY-----\n"))
        #expect(!pem.contains("PRIVATE"))
        let token = try server.logInBob().accessToken
        #expect(try AccessToken(token).header.string("alg") == algorithm)
        #expect(try isVerified(token, algorithm, pem, in: service.folder))
        #expect(
            try !isVerified(token.replacing(".", with: "x.", maxReplacements: 1), algorithm, pem, in: service.folder))
    }

    @Test func `do not know a key that is not there`() throws {
        let service = try KeyService()
        let list = try service.key("list", "--json").standardOutput
        let kid = try service.kid("active")
        for unknown in ["x", String(kid.dropLast()), kid + "A", ""] {
            for command in ["export", "revoke"] {
                try expectRefusal(try service.key(command, unknown), 65)
            }
        }
        #expect(try service.key("list", "--json").standardOutput == list)
    }

    @Test(
        arguments: [
            ["list"], ["list", "--json"], ["rotate"], ["rotate", "--now"], ["rotate", "--refresh"], ["revoke", "x"],
            ["export", "x"], ["import", "key.pem"],
        ])
    func `never make a store`(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        try KeyFiles(folder: folder).make(.ed25519, "key.pem")
        try expectRefusal(try Lanyard.run(["key"] + arguments, in: folder), 69)
        #expect(!folder.contains("data"))
    }

    @Test(
        arguments: [
            [], ["nonsense"], ["rotate", "--now", "--refresh"], ["rotate", "now"], ["revoke"], ["revoke", "a", "b"],
            ["export"], ["export", "--pem"], ["import"], ["list", "--yaml"],
        ])
    func `are told how they are used`(arguments: [String]) throws {
        let output = try Lanyard.run(["key"] + arguments, in: TemporaryFolder())
        #expect(output.ending == .exit(64), "\(output.standardError)")
        #expect(output.standardOutput == "")
    }

    @Test(.enabled(if: KeyFiles.hasOpenSSL))
    func `take a kid that begins like an option`() throws {
        let service = try KeyService()
        let kid = try KeyFiles(folder: service.folder).makeWithDash("dash.pem")
        #expect(kid.hasPrefix("-"))
        #expect(try service.order("import", "dash.pem").contains(kid))
        #expect(try service.kid("next") == kid, "the thumbprint is that of RFC 7638")
        #expect(try JSONObject(try service.order("export", kid)).string("kid") == kid)
        #expect(try service.order("export", kid, "--pem").hasPrefix("-----BEGIN"))
        #expect(try service.order("export", "--pem", kid).hasPrefix("-----BEGIN"))
        try service.order("revoke", kid)
        #expect(try !service.keys().map(\.kid).contains(kid))
    }

    // MARK: -

    private func instant(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    /// The kids whose private half is in the store, sealed or not.
    private func privateHalves(of service: KeyService) throws -> [String] {
        let script = """
            import sqlite3, sys
            store = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, timeout=30)
            print(*[row[0] for row in store.execute("SELECT kid FROM key WHERE private_key IS NOT NULL")])
            """
        let output = try Lanyard.run(
            ChildProcess.Invocation(
                executable: "/usr/bin/python3", arguments: ["-c", script, "data/lanyard.sqlite3"],
                environment: Lanyard.environment, folder: service.folder.path))
        guard output.ending == .exit(0) else { throw Failure(output.standardError) }
        return output.standardOutput.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// Whether openssl finds the signature of a token good.
    private func isVerified(
        _ token: String, _ algorithm: String, _ pem: String, in folder: TemporaryFolder
    ) throws -> Bool {
        let parts = token.split(separator: ".")
        var signature = try AccessToken.decode(parts[2])
        if algorithm == "ES256" {
            signature = Self.sequence(of: [Array(signature.prefix(32)), Array(signature.suffix(32))])
        }
        try folder.write("signed", "\(parts[0]).\(parts[1])")
        try Data(signature).write(to: URL(fileURLWithPath: folder.path(of: "signature")))
        try folder.write("public.pem", pem)
        let pss = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 "
        let command =
            algorithm == "EdDSA"
            ? "pkeyutl -verify -rawin -pubin -inkey public.pem -sigfile signature -in signed"
            : "dgst -sha256 -verify public.pem \(algorithm == "PS256" ? pss : "")-signature signature signed"
        let said = try KeyFiles(folder: folder).openssl(command, mayFail: true)
        return said.contains("Verified OK") || said.contains("Signature Verified Successfully")
    }

    /// RFC 3279 §2.2.3: the two numbers of a signature, each an INTEGER, in a SEQUENCE.
    private static func sequence(of numbers: [[UInt8]]) -> [UInt8] {
        let integers = numbers.flatMap { number in
            let digits = Array(number.drop { $0 == 0 })
            let positive = (digits.first ?? 0) & 0x80 != 0 || digits.isEmpty ? [0] + digits : digits
            return [0x02, UInt8(positive.count)] + positive
        }
        return [0x30, UInt8(integers.count)] + integers
    }
}

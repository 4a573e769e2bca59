// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite(.enabled(if: KeyFiles.hasOpenSSL)) struct `An import of a key` {
    struct Import: Sendable, CustomTestStringConvertible {
        var kind: KeyFiles.Kind
        var isJWK: Bool
        var setting: String
        var algorithm: String

        var testDescription: String { "\(kind) as \(isJWK ? "JWK" : "PEM"), for \(algorithm)" }
    }

    static let imports = [
        Import(kind: .rsa, isJWK: false, setting: "RS256", algorithm: "RS256"),
        Import(kind: .rsa, isJWK: false, setting: "PS256", algorithm: "PS256"),
        Import(kind: .rsa, isJWK: true, setting: "EdDSA", algorithm: "RS256"),
        Import(kind: .p256, isJWK: false, setting: "ES256", algorithm: "ES256"),
        Import(kind: .p256, isJWK: true, setting: "EdDSA", algorithm: "ES256"),
        Import(kind: .ed25519, isJWK: false, setting: "EdDSA", algorithm: "EdDSA"),
        Import(kind: .ed25519, isJWK: true, setting: "EdDSA", algorithm: "EdDSA"),
    ]

    @Test(arguments: imports)
    func `publishes the key as the next one`(row: Import) throws {
        let service = try KeyService(["LANYARD_KEYS_ALGORITHM": row.setting])
        let files = KeyFiles(folder: service.folder)
        try files.make(row.kind, "mine")
        let members = try files.members(row.kind, of: "mine")
        if row.isJWK { try service.folder.write("mine", KeyFiles.json(members)) }
        try service.folder.setMode(of: "mine", to: 0o600)
        let active = try service.kid("active")
        let server = try service.start()

        let said = try service.order("import", "mine")
        let next = try #require(try service.keys().last)
        #expect(next.state == "next")
        #expect(next.algorithm == row.algorithm)
        #expect(next.kid == (try files.thumbprint(members)))
        #expect(said.contains(next.kid))
        #expect(said.contains(next.signsFrom), "it says when the key signs")
        #expect(try happens(within: .seconds(5)) { try server.publishedKids() == [active, next.kid] })
        let published = try #require(try JSONObject(server.keySet()).objects("keys").last)
        for (name, value) in members where !["d", "p", "q", "dp", "dq", "qi"].contains(name) {
            #expect(try published.string(name) == value, "\(name)")
        }
        #expect(published.names.isDisjoint(with: ["d", "p", "q", "dp", "dq", "qi"]))
    }

    @Test func `signs in its turn, and cannot be repeated`() throws {
        let service = try KeyService(["LANYARD_KEYS_ALGORITHM": "ES256"])
        let files = KeyFiles(folder: service.folder)
        try files.make(.p256, "mine.pem")
        try files.make(.p256, "other.pem")
        let server = try service.start()
        try service.order("import", "mine.pem")
        let kid = try service.kid("next")

        // There is room for one.
        let list = try service.key("list", "--json").standardOutput
        let other = try service.key("import", "other.pem")
        try expectRefusal(other, 65)
        #expect(other.standardError.contains(kid), "\(other.standardError)")
        let twice = try service.key("import", "mine.pem")
        try expectRefusal(twice, 65)
        #expect(twice.standardError.contains(kid))
        #expect(twice.standardError.contains("already"), "\(twice.standardError)")
        #expect(try service.key("list", "--json").standardOutput == list)

        try service.order("rotate", "--now", "--in", "5s")
        #expect(try server.signs(with: kid, for: server.logInBob()))
        #expect(try KeyService.verify(server.logInBob().accessToken, by: server.keySet()) == kid)
        for state in ["active", "revoked, and gone"] {
            let known = try service.key("import", "mine.pem")
            try expectRefusal(known, 65)
            #expect(known.standardError.contains(kid), "\(state): \(known.standardError)")
            #expect(known.standardError.contains("already"), "\(state): \(known.standardError)")
            guard state == "active" else { break }
            try service.order("revoke", kid)
            #expect(try happens(within: .seconds(15)) { try !server.publishedKids().contains(kid) })
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// What the sentence must speak of, one of these.
        var words: [String]
        var prepare: @Sendable (KeyFiles) throws -> Void

        init(_ name: String, _ words: String..., prepare: @escaping @Sendable (KeyFiles) throws -> Void) {
            testDescription = name
            self.words = words
            self.prepare = prepare
        }
    }

    static let refusals =
        [0o644, 0o604, 0o620, 0o602].map { mode in
            Refusal("a file of mode \(String(mode, radix: 8))", String(mode, radix: 8)) {
                try $0.make(.ed25519, "key")
                try $0.folder.setMode(of: "key", to: mode)
            }
        } + [
            Refusal("an encrypted key", "encrypted") {
                try $0.make(.p256, "plain")
                try $0.openssl("pkcs8 -topk8 -in plain -out key -passout pass:secret")
            },
            Refusal("a key that is encrypted in the old way", "encrypted") {
                try $0.make(.rsa, "plain")
                try $0.openssl("rsa -in plain -traditional -aes128 -passout pass:secret -out key")
            },
            Refusal("an RSA key of 1024 bits", "1024") { try $0.make(.rsa1024, "key") },
            Refusal("an RSA key of 1024 bits as JWK", "1024") {
                try $0.make(.rsa1024, "plain")
                try $0.folder.write("key", KeyFiles.json($0.members(.rsa1024, of: "plain")))
            },
            Refusal("a curve that is not ours", "P-256") { try $0.make(.p384, "key") },
            Refusal("a public key", "public") {
                try $0.make(.p256, "plain")
                try $0.openssl("pkey -in plain -pubout -out key")
            },
            Refusal("a public JWK", "public") {
                try $0.make(.ed25519, "plain")
                try $0.folder.write("key", KeyFiles.json($0.members(.ed25519, of: "plain").filter { $0.name != "d" }))
            },
            Refusal("a set of keys", "Set", "set") {
                try $0.make(.ed25519, "plain")
                try $0.folder.write("key", #"{"keys":["# + KeyFiles.json($0.members(.ed25519, of: "plain")) + "]}")
            },
            Refusal("a symmetric key", "symmetric") { try $0.folder.write("key", #"{"kty":"oct","k":"c2VjcmV0"}"#) },
            Refusal("a key whose halves do not belong together", "damaged", "belong") { files in
                try files.make(.ed25519, "plain")
                try files.make(.ed25519, "other")
                let other = try files.members(.ed25519, of: "other").filter { $0.name == "d" }
                try files.folder.write(
                    "key", KeyFiles.json(try files.members(.ed25519, of: "plain").filter { $0.name != "d" } + other))
            },
            Refusal("a key that is cut off", "damaged", "cut") {
                try $0.make(.p256, "plain")
                let lines = String(decoding: try $0.folder.bytes(of: "plain"), as: UTF8.self).split(separator: "\n")
                try $0.folder.write("key", "\(lines[0])\n\(lines[1].prefix(40))\n\(lines[lines.count - 1])\n")
            },
            Refusal("two keys", "more than one") {
                try $0.make(.p256, "plain")
                let key = String(decoding: try $0.folder.bytes(of: "plain"), as: UTF8.self)
                try $0.folder.write("key", key + key)
            },
            Refusal("what is no key", "no private key") { try $0.folder.write("key", "This is not a key.\n") },
            Refusal("an empty file", "no private key") { try $0.folder.write("key", "") },
            Refusal("a file that is not there", "key") { _ in },
            Refusal("a folder", "key") { try $0.folder.makeFolder("key") },
        ]

    @Test(arguments: refusals)
    func `is refused`(refusal: Refusal) throws {
        let service = try KeyService()
        let files = KeyFiles(folder: service.folder)
        try refusal.prepare(files)
        if service.folder.contains("key"), !refusal.testDescription.hasPrefix("a file of mode") {
            try service.folder.setMode(of: "key", to: 0o600)
        }
        let list = try service.key("list", "--json").standardOutput
        let output = try service.key("import", "key")
        try expectRefusal(output, 65)
        #expect(refusal.words.contains(where: output.standardError.contains), "\(output.standardError)")
        #expect(output.standardError.contains("key"))
        #expect(try service.key("list", "--json").standardOutput == list)
    }
}

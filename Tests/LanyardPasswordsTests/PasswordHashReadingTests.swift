// SPDX-License-Identifier: Apache-2.0

import LanyardPasswords
import Testing

@Suite struct `Reading a stored hash` {
    struct Refusal: CustomTestStringConvertible, Sendable {
        let name: String, phc: String, error: PasswordHashError
        var testDescription: String { name }
    }

    static let salt = "c29tZXNhbHQ", digest = "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"

    static func refusal(
        _ name: String, _ error: PasswordHashError, version: String = "v=19", parameters: String = "m=256,t=2,p=1",
        salt: String = salt, digest: String = digest
    ) -> Refusal {
        Refusal(name: name, phc: "$argon2id$\(version)$\(parameters)$\(salt)$\(digest)", error: error)
    }

    static let structures = [
        Refusal(name: "nothing", phc: "", error: .malformed(.structure)),
        Refusal(name: "a dollar", phc: "$", error: .malformed(.structure)),
        Refusal(
            name: "no first dollar", phc: "argon2id$v=19$m=256,t=2,p=1$\(salt)$\(digest)", error: .malformed(.structure)
        ),
        Refusal(
            name: "upper-case scheme", phc: "$ARGON2ID$v=19$m=256,t=2,p=1$\(salt)$\(digest)",
            error: .malformed(.structure)),
        Refusal(
            name: "scheme of 33 characters", phc: "$\(String(repeating: "a", count: 33))$x",
            error: .malformed(.structure)),
        Refusal(name: "scheme alone", phc: "$argon2id", error: .malformed(.structure)),
        Refusal(name: "no digest", phc: "$argon2id$v=19$m=256,t=2,p=1$\(salt)", error: .malformed(.structure)),
        Refusal(
            name: "a field more", phc: "$argon2id$v=19$m=256,t=2,p=1$\(salt)$\(digest)$", error: .malformed(.structure)),
        Refusal(
            name: "257 bytes", phc: "$argon2id$" + String(repeating: "0", count: 247), error: .malformed(.structure)),
        Refusal(name: "argon2i", phc: "$argon2i$v=19$m=256,t=2,p=1$\(salt)$\(digest)", error: .unsupportedScheme),
        Refusal(name: "argon2d", phc: "$argon2d$v=19$m=256,t=2,p=1$\(salt)$\(digest)", error: .unsupportedScheme),
        Refusal(name: "bcrypt", phc: "$2b$05$CCCCCCCCCCCCCCCCCCCCC.", error: .unsupportedScheme),
        Refusal(name: "no version", phc: "$argon2id$m=256,t=2,p=1$\(salt)$\(digest)", error: .unsupportedVersion),
    ]

    static let parts = [
        refusal("version 16", .unsupportedVersion, version: "v=16"),
        refusal("version with a leading zero", .malformed(.version), version: "v=019"),
        refusal("version with a sign", .malformed(.version), version: "v=+19"),
        refusal("version in hexadecimal", .malformed(.version), version: "v=0x13"),
        refusal("version under another name", .malformed(.version), version: "V=19"),
        refusal("version empty", .malformed(.version), version: "v="),
        refusal("order t,m,p", .malformed(.parameters), parameters: "t=2,m=256,p=1"),
        refusal("a parameter missing", .malformed(.parameters), parameters: "m=256,t=2"),
        refusal("a parameter more", .malformed(.parameters), parameters: "m=256,t=2,p=1,keyid=Zm9v"),
        refusal("a comma at the end", .malformed(.parameters), parameters: "m=256,t=2,p=1,"),
        refusal("a blank", .malformed(.parameters), parameters: "m=256, t=2,p=1"),
        refusal("memory with a leading zero", .malformed(.parameters), parameters: "m=0256,t=2,p=1"),
        refusal("memory negative", .malformed(.parameters), parameters: "m=-256,t=2,p=1"),
        refusal("passes with a sign", .malformed(.parameters), parameters: "m=256,t=+2,p=1"),
        refusal("Arabic digits", .malformed(.parameters), parameters: "m=256,t=\u{662},p=1"),
        refusal("memory of 2^32", .malformed(.parameters), parameters: "m=4294967296,t=2,p=1"),
        refusal("memory of 20 digits", .malformed(.parameters), parameters: "m=18446744073709551872,t=2,p=1"),
        refusal("memory above 4 GiB", .costOutOfRange, parameters: "m=4194305,t=2,p=1"),
        refusal("memory under 8 KiB a lane", .costOutOfRange, parameters: "m=15,t=2,p=2"),
        refusal("no passes", .costOutOfRange, parameters: "m=256,t=0,p=1"),
        refusal("101 passes", .costOutOfRange, parameters: "m=256,t=101,p=1"),
        refusal("no lanes", .costOutOfRange, parameters: "m=256,t=2,p=0"),
        refusal("17 lanes", .costOutOfRange, parameters: "m=256,t=2,p=17"),
        refusal("salt empty", .malformed(.salt), salt: ""),
        refusal("salt of 7 bytes", .malformed(.salt), salt: "c29tZXNhbA"),
        refusal("salt of 49 bytes", .malformed(.salt), salt: String(repeating: "A", count: 66)),
        refusal("salt padded", .malformed(.salt), salt: "c29tZXNhbHQ="),
        refusal("salt with trailing bits", .malformed(.salt), salt: "c29tZXNhbHR"),
        refusal("salt of a digit too many", .malformed(.salt), salt: "c29tZXNhbHRzA"),
        refusal("salt in the alphabet of URLs", .malformed(.salt), salt: "c29tZXNhbH-_"),
        refusal("salt with a line end", .malformed(.salt), salt: "c29tZXNhbHQ\n"),
        refusal("digest empty", .malformed(.digest), digest: ""),
        refusal("digest of 11 bytes", .malformed(.digest), digest: String(repeating: "A", count: 15)),
        refusal("digest of 65 bytes", .malformed(.digest), digest: String(repeating: "A", count: 87)),
        refusal("digest with trailing bits", .malformed(.digest), digest: digest.dropLast() + "5"),
        refusal("digest with a line end", .malformed(.digest), digest: digest + "\n"),
    ]

    @Test(arguments: structures + parts)
    func `refuses another form for the reason it is wrong`(refusal: Refusal) {
        #expect(throws: refusal.error) { try PasswordHash(phc: Array(refusal.phc.utf8)) }
    }

    @Test(arguments: ["m=8,t=1,p=1", "m=4194304,t=100,p=16", "m=16,t=1,p=2"])
    func `accepts costs at the ends of their ranges`(parameters: String) throws {
        let text = "$argon2id$v=19$\(parameters)$\(Self.salt)$\(Self.digest)"
        #expect(try PasswordHash(phc: Array(text.utf8)).phcString == text)
    }

    @Test func `never takes two texts for one hash`() {
        let text = Array("$argon2id$v=19$m=256,t=2,p=1$\(Self.salt)$\(Self.digest)".utf8)
        for index in text.indices {
            for byte in "$,=0129+/-_ AaZz4\n\0".utf8 {
                var changed = text
                changed[index] = byte
                guard let hash = try? PasswordHash(phc: changed) else { continue }
                #expect(Array(hash.phcString.utf8) == changed)
            }
        }
    }
}

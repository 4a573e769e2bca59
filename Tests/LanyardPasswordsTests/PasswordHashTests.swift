// SPDX-License-Identifier: Apache-2.0

import LanyardPasswords
import Testing

@Suite struct `A stored hash` {
    struct Vector: CustomTestStringConvertible, Sendable {
        let password: String, phc: String
        var testDescription: String { phc }
    }

    /// Made by the reference implementation (the program `argon2` and argon2-cffi).
    static let vectors = [
        Vector(
            password: "password",
            phc: "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"),
        Vector(
            password: "password",
            phc: "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
        ),
        Vector(
            password: "correct horse battery staple",
            phc: "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$gYJZtjEAJqjg26xdLmknq8/bB7MiWPrE9hsYuA+SkIU"),
        Vector(
            password: "password",
            phc: "$argon2id$v=19$m=8192,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$3h6Qg5gZUPjvsGs8f3cQV72qKe2gt6TKkjZNzKY3lYU"),
        Vector(
            password: "correct horse battery staple",
            phc: "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHQ$7m0R2mQFXk3SrKct"),
    ]

    @Test(arguments: vectors)
    func `is matched by its password and by no other`(vector: Vector) throws {
        let hash = try PasswordHash(phc: Array(vector.phc.utf8))
        #expect(try hash.verify(Password(vector.password)))
        #expect(try !hash.verify(Password(vector.password + " ")))
        #expect(try !hash.verify(Password("")))
    }

    @Test(arguments: vectors)
    func `is written as it was read`(vector: Vector) throws {
        #expect(try PasswordHash(phc: Array(vector.phc.utf8)).phcString == vector.phc)
    }

    @Test func `is made by the parameters and the salt`() throws {
        let hash = try PasswordHash(
            of: NewPassword(exemptFromPolicy: "correct horse battery staple"), parameters: .standard,
            salt: Array(0..<16))
        #expect(hash.phcString == Self.vectors[2].phc)
    }

    @Test func `is matched by every spelling of its password that Unicode holds equal`() throws {
        let parameters = try Argon2Parameters(memoryKiB: 64, iterations: 1, parallelism: 1)
        let hash = try PasswordHash(
            of: NewPassword(exemptFromPolicy: "r\u{E9}sum\u{E9}"), parameters: parameters, salt: Array(0..<16))
        #expect(try hash.verify(Password("re\u{301}sume\u{301}")))
        #expect(try !hash.verify(Password("resume")))
    }

    @Test func `is never matched by an over-long password, not even by what is left of one`() throws {
        let parameters = try Argon2Parameters(memoryKiB: 64, iterations: 1, parallelism: 1)
        let empty = try PasswordHash(of: NewPassword(exemptFromPolicy: ""), parameters: parameters, salt: Array(0..<16))
        #expect(try empty.verify(Password("")))
        #expect(try !empty.verify(Password(String(repeating: "a", count: 1_025))))
    }

    @Test func `is never printed`() throws {
        let hash = try PasswordHash(phc: Array(Self.vectors[0].phc.utf8))
        var dumped = ""
        dump([hash], to: &dumped)
        #expect("\(hash)" == "argon2id")
        #expect(String(reflecting: hash) == "argon2id")
        #expect(dumped == "▿ 1 element\n  - argon2id\n")
    }

    struct Age: CustomTestStringConvertible, Sendable {
        let name: String, phc: String, isOutdated: Bool
        var testDescription: String { name }
    }

    static let salt16 = "AAECAwQFBgcICQoLDA0ODw", digest32 = "gYJZtjEAJqjg26xdLmknq8/bB7MiWPrE9hsYuA+SkIU"
    static let ages = [
        Age(name: "live", phc: "$argon2id$v=19$m=19456,t=2,p=1$\(salt16)$\(digest32)", isOutdated: false),
        Age(name: "less memory", phc: "$argon2id$v=19$m=19455,t=2,p=1$\(salt16)$\(digest32)", isOutdated: true),
        Age(name: "more memory", phc: "$argon2id$v=19$m=19457,t=2,p=1$\(salt16)$\(digest32)", isOutdated: true),
        Age(name: "fewer passes", phc: "$argon2id$v=19$m=19456,t=1,p=1$\(salt16)$\(digest32)", isOutdated: true),
        Age(name: "more lanes", phc: "$argon2id$v=19$m=19456,t=2,p=2$\(salt16)$\(digest32)", isOutdated: true),
        Age(name: "short salt", phc: "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$\(digest32)", isOutdated: true),
        Age(name: "short digest", phc: "$argon2id$v=19$m=19456,t=2,p=1$\(salt16)$\(salt16)", isOutdated: true),
    ]

    @Test(arguments: ages)
    func `is outdated unless it is what would be made now`(age: Age) throws {
        #expect(try PasswordHash(phc: Array(age.phc.utf8)).needsRehash(under: .standard) == age.isOutdated)
    }
}

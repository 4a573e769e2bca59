// SPDX-License-Identifier: Apache-2.0

import LanyardPasswords
import Testing

@Suite struct `The kind of a hash` {
    static let text = "argon2id m=9216 t=3 p=2 salt=9 digest=24"

    @Test func `is read from its text, and a hash of it has the same costs and lengths`() throws {
        let kind = try #require(PasswordHashKind(Self.text))
        #expect(kind.text == Self.text)
        let hash = kind.unmatchable { [UInt8](repeating: 1, count: $0) }
        #expect(hash.kind == kind)
        #expect(hash.phcString == "$argon2id$v=19$m=9216,t=3,p=2$AQEBAQEBAQEB$AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB")
        #expect(try PasswordHash(phc: Array(hash.phcString.utf8)).kind == kind)
    }

    @Test func `of a new hash is that of the live parameters`() throws {
        let made = try PasswordHash(
            of: NewPassword(exemptFromPolicy: "zuGh4-quex/otob"),
            parameters: Argon2Parameters(
                memoryKiB: 64, iterations: 1, parallelism: 1), salt: [UInt8](repeating: 1, count: 16))
        #expect(try made.kind == PasswordHashKind(Argon2Parameters(memoryKiB: 64, iterations: 1, parallelism: 1)))
        #expect(made.kind.text == "argon2id m=64 t=1 p=1 salt=16 digest=32")
    }

    @Test(arguments: [
        "", "argon2id", "bcrypt 12", "argon2id m=9216 t=3 p=2 salt=9", text + " ",
        "argon2id m=9216  t=3 p=2 salt=9 digest=24",
        "argon2id m=9216 t=0 p=2 salt=9 digest=24", "argon2id m=9216 t=3 p=2 salt=7 digest=24",
        "argon2id m=9216 t=3 p=2 salt=9 digest=65", "argon2id m=9216 t=3 p=2 salt=-9 digest=24",
        "argon2id m=99999999999999999999 t=3 p=2 salt=9 digest=24",
    ])
    func `is not read from anything else`(text: String) {
        #expect(PasswordHashKind(text) == nil)
    }
}

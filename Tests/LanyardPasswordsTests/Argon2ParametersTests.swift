// SPDX-License-Identifier: Apache-2.0

import LanyardPasswords
import Testing

@Suite struct `Argon2 parameters` {
    @Test func `are by default the least that is recommended`() {
        #expect(Argon2Parameters.standard.memoryBytes == 19 * 1_024 * 1_024)
        #expect(Argon2Parameters.standard.iterations == 2)
        #expect(Argon2Parameters.standard.parallelism == 1)
    }

    @Test(arguments: [
        (0, 1, 1), (7, 1, 1), (4_194_305, 1, 1), (8_192, 0, 1), (8_192, 101, 1), (8_192, -1, 1), (8_192, 1, 0),
        (8_192, 1, 17),
        (127, 1, 16), (.max, .max, .max), (.min, .min, .min),
    ])
    func `are refused outside their ranges`(memory: Int, iterations: Int, parallelism: Int) {
        #expect(throws: PasswordHashError.costOutOfRange) {
            try Argon2Parameters(memoryKiB: memory, iterations: iterations, parallelism: parallelism)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import Testing

@Suite struct `A secret` {
    @Test func `is never printed`() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(["key": secret], to: &dumped)
        #expect("\(secret)" == "<secret>")
        #expect(String(reflecting: secret) == "<secret>")
        #expect(!dumped.contains("hunter2"))
        #expect(secret.reveal() == "hunter2")
    }

    @Test func `is compared byte by byte to the end`() {
        #expect(isEqualInConstantTime([1, 2, 3], [1, 2, 3]))
        #expect(isEqualInConstantTime([], []))
        #expect(!isEqualInConstantTime([1, 2, 3], [1, 2, 4]))
        #expect(!isEqualInConstantTime([0, 2, 3], [1, 2, 3]))
        #expect(!isEqualInConstantTime([1, 2], [1, 2, 3]))
    }

    @Test func `bytes print as hexadecimal`() {
        #expect([0x00, 0x0F, 0xA0, 0xFF].hexadecimal == "000fa0ff")
    }
}

// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCore
import LanyardCrypto
import Testing

@Suite struct `A refresh token` {
    static let key = HMACSHA256(key: Secret([UInt8](repeating: 7, count: 32)))
    static let codec = RefreshTokenCodec(maker: key, others: [])
    static let content = RefreshToken(sessionID: "AAAAAAAAAAAAAAAAAAAAAA", generation: 42)

    @Test func `says what it was made with, in the same text each time`() {
        let text = Self.codec.encode(Self.content)
        #expect(text == Self.codec.encode(Self.content))
        #expect(text.hasPrefix("rt1.AAAAAAAAAAAAAAAAAAAAAA.42."))
        #expect(Self.codec.decode(Array(text.utf8)) == Self.content)
    }

    @Test func `is refused with any byte changed, added or cut off`() {
        let text = Array(Self.codec.encode(Self.content).utf8)
        for index in text.indices {
            var changed = text
            changed[index] ^= 0x01
            #expect(Self.codec.decode(changed) == nil, "byte \(index)")
        }
        #expect(Self.codec.decode(text + [UInt8(ascii: "A")]) == nil)
        #expect(Self.codec.decode(text + [UInt8(ascii: "=")]) == nil)
        for count in text.indices {
            #expect(Self.codec.decode(Array(text.prefix(count))) == nil)
        }
    }

    @Test(arguments: ["", ".", "rt1", "rt1...", "rt1.a.1.", "rt1.a.1.AAAA", String(repeating: "A", count: 100_000)])
    func `is refused when it never was one`(text: String) {
        #expect(Self.codec.decode(Array(text.utf8)) == nil)
    }

    @Test func `is checked by the two newest keys and made by the newest`() {
        let newer = HMACSHA256(key: Secret([UInt8](repeating: 8, count: 32)))
        let old = Self.codec.encode(Self.content)
        let rotated = RefreshTokenCodec(maker: newer, others: [Self.key])
        #expect(rotated.decode(Array(old.utf8)) == Self.content)
        #expect(rotated.encode(Self.content) != old)
        let afterwards = RefreshTokenCodec(maker: newer, others: [])
        #expect(afterwards.decode(Array(old.utf8)) == nil)
        #expect(afterwards.decode(Array(rotated.encode(Self.content).utf8)) == Self.content)
    }
}

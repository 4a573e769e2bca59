// SPDX-License-Identifier: Apache-2.0

import LanyardCoding
import Testing

@Suite struct `Base64url` {
    struct Pair: CustomTestStringConvertible, Sendable {
        let bytes: [UInt8], text: String
        var testDescription: String { "\"\(text)\"" }
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        let text: String, error: Base64URLError
        var testDescription: String { "\"\(text)\"" }
    }

    /// RFC 4648 §10 without padding, RFC 4648 §9, RFC 7515 appendix C, and the two characters that differ from base64.
    static let pairs = [
        Pair(bytes: [], text: ""),
        Pair(bytes: Array("f".utf8), text: "Zg"),
        Pair(bytes: Array("fo".utf8), text: "Zm8"),
        Pair(bytes: Array("foo".utf8), text: "Zm9v"),
        Pair(bytes: Array("foob".utf8), text: "Zm9vYg"),
        Pair(bytes: Array("fooba".utf8), text: "Zm9vYmE"),
        Pair(bytes: Array("foobar".utf8), text: "Zm9vYmFy"),
        Pair(bytes: [0x14, 0xFB, 0x9C, 0x03, 0xD9, 0x7E], text: "FPucA9l-"),
        Pair(bytes: [3, 236, 255, 224, 193], text: "A-z_4ME"),
        Pair(bytes: [0xFF, 0xFF, 0xFF], text: "____"),
        Pair(bytes: [0xFB, 0xEF, 0xBE], text: "----"),
        Pair(bytes: [0x00], text: "AA"),
    ]

    static let refusals = [
        Refusal(text: "A", error: .impossibleLength(count: 1)),
        Refusal(text: "AAAAA", error: .impossibleLength(count: 5)),
        Refusal(text: "Zg==", error: .invalidCharacter(offset: 2)),
        Refusal(text: "Zm8=", error: .invalidCharacter(offset: 3)),
        Refusal(text: "Zh", error: .trailingBits),
        Refusal(text: "Zm9", error: .trailingBits),
        Refusal(text: "AAAAAB", error: .trailingBits),
        Refusal(text: "AA+A", error: .invalidCharacter(offset: 2)),
        Refusal(text: "AA/A", error: .invalidCharacter(offset: 2)),
        Refusal(text: "AAAA AAA", error: .invalidCharacter(offset: 4)),
        Refusal(text: "AAA\n", error: .invalidCharacter(offset: 3)),
        Refusal(text: "AAAA.A", error: .invalidCharacter(offset: 4)),
        Refusal(text: "AAA\u{0}", error: .invalidCharacter(offset: 3)),
        Refusal(text: "AAé", error: .invalidCharacter(offset: 2)),
        Refusal(text: "*A", error: .invalidCharacter(offset: 0)),
        Refusal(text: "AAA*AAAAAA", error: .invalidCharacter(offset: 3)),
    ]

    @Test(arguments: pairs)
    func `writes and reads the vectors of the RFCs`(pair: Pair) throws {
        #expect(Base64URL.encode(pair.bytes) == pair.text)
        #expect(try Base64URL.decode(pair.text) == pair.bytes)
    }

    @Test(arguments: refusals)
    func `refuses what is not canonical`(refusal: Refusal) {
        #expect(throws: refusal.error) { try Base64URL.decode(refusal.text) }
    }

    @Test func `accepts one text for each byte string, and no other`() {
        var accepted = Set<[UInt8]>()
        var count = 0
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                guard let bytes = try? Base64URL.decode([first, second]) else { continue }
                accepted.insert(bytes)
                count += 1
                #expect(Base64URL.encode(bytes).utf8.elementsEqual([first, second]))
            }
        }
        #expect(count == 256)
        #expect(accepted.count == 256)
    }

    @Test func `gives back random bytes of every length`() throws {
        var random = SeededGenerator(seed: 0x6C61_6E79)
        for length in 0..<300 {
            let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            let text = Base64URL.encode(bytes)
            #expect(text.utf8.count == (length * 4 + 2) / 3)
            #expect(try Base64URL.decode(text) == bytes)
        }
    }

    @Test func `appends to what is there`() {
        var text = Array("head.".utf8)
        let bytes = Array("foobar".utf8)
        Base64URL.append(bytes.span, to: &text)
        #expect(text == Array("head.Zm9vYmFy".utf8))
    }
}

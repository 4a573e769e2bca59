// SPDX-License-Identifier: Apache-2.0

import LanyardCoding
import Testing

@Suite struct `Decompression` {
    private static let list = "eNrbuRgAAhcBXQ"

    @Test func `reads what others have compressed`() throws {
        // draft-ietf-oauth-status-list-20 §4.2, §4.1.
        #expect(try inflate(Self.list, limit: 2) == [0xB9, 0xA3])
        #expect(try inflate("eNo76fITAAPfAgc", limit: 3) == [0xC9, 0x44, 0xF9])
        // The first test vector of the appendix: 2^20 entries of one bit.
        let text =
            "eNrt3AENwCAMAEGogklACtKQPg9LugC9k_ACvreiogEAAKkeCQAAAAAAAAAAAAAAAAAAAIBylgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            + "AAAAAAAAAAAAAAAAAAAAXG9IAAAAAAAAAPwsJAAAAAAAAAAAAAAAvhsSAAAAAAAAAAAA7KpLAAAAAAAAAAAAAAAAAAAAAJsLCQAAAAAAAAAA"
            + "ADjelAAAAAAAAAAAKjDMAQAAAACAZC8L2AEb"
        var expected = [UInt8](repeating: 0, count: 131_072)
        let revoked = [0, 1993, 25_460, 159_495, 495_669, 554_353, 645_645, 723_232, 854_545, 934_534, 1_000_345]
        for index in revoked { expected[index / 8] |= 1 << UInt8(index % 8) }
        #expect(try inflate(text, limit: 131_072) == expected)
        #expect(try Inflate.zlib(Deflate.zlibOfRuns(expected), limitBytes: 131_072) == expected)
    }

    @Test func `stops at its limit`() throws {
        let zeros = [UInt8](repeating: 0, count: 100_000)
        let compressed = Deflate.zlibOfRuns(zeros)
        #expect(try Inflate.zlib(compressed, limitBytes: 100_000) == zeros)
        for limit in [0, 1, 16_383, 16_384, 16_385, 65_536, 99_999] {
            #expect(throws: InflateError.tooLarge(limitBytes: limit), "\(limit)") {
                try Inflate.zlib(compressed, limitBytes: limit)
            }
        }
        #expect(try Inflate.zlib(Deflate.zlibOfRuns([]), limitBytes: 0).isEmpty)
    }

    @Test func `is not blown up by a bomb`() {
        // 64 MiB of zeros are 64 KiB; the room that is taken ends at the limit.
        let bomb = Deflate.zlibOfRuns([UInt8](repeating: 0, count: 64 << 20))
        #expect(bomb.count < 100_000)
        #expect(throws: InflateError.tooLarge(limitBytes: 131_072)) {
            try Inflate.zlib(bomb, limitBytes: 131_072)
        }
    }

    @Test func `misses the rest of every stream that is cut`() throws {
        var generator = SeededGenerator(seed: 2)
        let bytes = (0..<200).map { _ in UInt8.random(in: 0...3, using: &generator) }
        let whole = Deflate.zlibOfRuns(bytes)
        for length in whole.indices {
            #expect(throws: InflateError.truncated, "\(length)") {
                try Inflate.zlib(Array(whole.prefix(length)), limitBytes: 200)
            }
        }
    }

    @Test func `takes nothing that follows`() throws {
        let list = try Base64URL.decode(Self.list)
        for rest in [[0], [0x78], list] as [[UInt8]] {
            #expect(throws: InflateError.trailingBytes) { try Inflate.zlib(list + rest, limitBytes: 1_000) }
        }
    }

    struct Garbage: CustomTestStringConvertible, Sendable {
        let name: String, bytes: [UInt8]
        var testDescription: String { name }
    }

    static let garbage = [
        Garbage(name: "text", bytes: Array("garbage".utf8)),
        Garbage(name: "a raw stream", bytes: [0xDB, 0xB9, 0x18, 0x00]),
        Garbage(name: "gzip", bytes: Deflate.gzip(Array("text".utf8))),
        Garbage(name: "a wrong header check", bytes: [0x78, 0xDB, 0xDB, 0xB9, 0x18, 0x00, 0x02, 0x17, 0x01, 0x5D]),
        Garbage(name: "a wrong checksum", bytes: [0x78, 0xDA, 0xDB, 0xB9, 0x18, 0x00, 0x02, 0x17, 0x01, 0x5E]),
        Garbage(name: "a window above 32 KiB", bytes: [0x88, 0x1C, 0xDB, 0xB9, 0x18, 0x00, 0x02, 0x17, 0x01, 0x5D]),
        Garbage(name: "a block of no type", bytes: [0x78, 0xDA, 0x07, 0x00, 0x00, 0x00]),
        Garbage(
            name: "a preset dictionary",
            bytes: [
                0x78, 0xF9, 0x0A, 0xD6, 0x02, 0xCC, 0xF3, 0x81, 0x50, 0x0A, 0x38, 0x68, 0x00, 0xB7, 0x6B, 0x0B, 0x8D,
            ]),
    ]

    @Test(arguments: garbage)
    func `refuses what is no stream`(garbage: Garbage) {
        #expect(throws: InflateError.malformed) { try Inflate.zlib(garbage.bytes, limitBytes: 1_000) }
    }

    @Test func `is never surprised by a changed byte`() {
        let bytes = Array("Lanyard checks passwords, and hands out access tokens that verify offline.".utf8)
        let whole = Deflate.zlibOfRuns(bytes)
        for index in whole.indices {
            for bit in UInt8(0)..<8 {
                var changed = whole
                changed[index] ^= 1 << bit
                let read = try? Inflate.zlib(changed, limitBytes: 1_000)
                #expect(read == nil || read == bytes, "bit \(bit) of byte \(index)")
            }
        }
    }

    private func inflate(_ text: String, limit: Int) throws -> [UInt8] {
        try Inflate.zlib(try Base64URL.decode(text), limitBytes: limit)
    }
}

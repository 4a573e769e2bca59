// SPDX-License-Identifier: Apache-2.0

import LanyardCoding
import Testing

@Suite struct `Compression` {
    struct Text: CustomTestStringConvertible, Sendable {
        let name: String, bytes: [UInt8]
        var testDescription: String { name }
    }

    static let texts: [Text] = {
        var generator = SeededGenerator(seed: 1)
        let noise = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        return [
            Text(name: "nothing", bytes: []),
            Text(name: "one byte", bytes: [0]),
            Text(name: "a text", bytes: Array("Lanyard Lanyard Lanyard Lanyard".utf8)),
            Text(name: "every byte", bytes: Array(0...255)),
            Text(name: "131,072 zeros", bytes: [UInt8](repeating: 0, count: 131_072)),
            Text(name: "100,000 random bytes", bytes: noise),
        ]
    }()

    @Test(arguments: texts)
    func `in the format of gzip can be undone`(text: Text) throws {
        let gzip = Deflate.gzip(text.bytes)
        // RFC 1952 §2.3: no flags, no time, compressed as far as it goes, on Unix.
        #expect(Array(gzip.prefix(10)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3])
        #expect(Array(gzip.suffix(8)) == littleEndian(crc32(text.bytes)) + littleEndian(UInt32(text.bytes.count)))
        let deflated = gzip.dropFirst(10).dropLast(8)
        let zlib = [0x78, 0xDA] + deflated + littleEndian(adler32(text.bytes)).reversed()
        #expect(try Inflate.zlib(zlib, limitBytes: text.bytes.count) == text.bytes)
    }

    @Test(arguments: texts)
    func `in the format of zlib can be undone`(text: Text) throws {
        let zlib = Deflate.zlibOfRuns(text.bytes)
        #expect(Array(zlib.suffix(4)) == littleEndian(adler32(text.bytes)).reversed())
        #expect(try Inflate.zlib(zlib, limitBytes: text.bytes.count) == text.bytes)
    }

    @Test(arguments: texts)
    func `gives the same bytes each time`(text: Text) {
        #expect(Deflate.gzip(text.bytes) == Deflate.gzip(text.bytes))
        #expect(Deflate.zlibOfRuns(text.bytes) == Deflate.zlibOfRuns(text.bytes))
    }

    @Test func `makes repetitions small`() {
        #expect(Deflate.gzip(Array(String(repeating: "Lanyard ", count: 100).utf8)).count < 50)
        #expect(Deflate.zlibOfRuns([UInt8](repeating: 0, count: 131_072)).count < 200)
        let noise = Self.texts[5].bytes
        #expect(Deflate.gzip(noise).count < noise.count + 100, "what cannot be made smaller is hardly made larger")
    }

    private func littleEndian(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    /// The checksum of RFC 1952 §8.
    private func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
    }

    /// The checksum of RFC 1950 §8.2.
    private func adler32(_ bytes: [UInt8]) -> UInt32 {
        let (low, high) = bytes.reduce((UInt32(1), UInt32(0))) { sums, byte in
            let low = (sums.0 + UInt32(byte)) % 65_521
            return (low, (sums.1 + low) % 65_521)
        }
        return high << 16 | low
    }
}

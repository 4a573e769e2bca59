// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
import LanyardHTTP
import Testing

/// Section numbers are those of "The PROXY protocol, versions 1 & 2".
@Suite struct `PROXY header` {
    @Test(arguments: ProxyHeaderCase.accepted)
    func `tells the source`(example: ProxyHeaderCase) throws {
        let bytes = try example.bytes
        #expect(ProxyHeader.read(bytes.span) == .header(source: example.source, length: bytes.count))
    }

    @Test(arguments: ProxyHeaderCase.accepted)
    func `is complete with its last byte and not before`(example: ProxyHeaderCase) throws {
        let bytes = try example.bytes
        for count in bytes.indices {
            #expect(ProxyHeader.read(bytes.span.extracting(first: count)) == .needMore, "\(count) bytes")
        }
    }

    @Test(arguments: ProxyHeaderCase.accepted)
    func `leaves what is behind it`(example: ProxyHeaderCase) throws {
        let bytes = try example.bytes
        for more in ["G", "PROXY TCP4 ", "\r\n\r\n\0\r\nQUIT\n!", String(repeating: "x", count: 9_000)] {
            #expect(
                ProxyHeader.read((bytes + Array(more.utf8)).span)
                    == .header(source: example.source, length: bytes.count))
        }
    }

    @Test(arguments: ProxyHeaderCase.refused)
    func `is refused at the first wrong byte`(example: ProxyHeaderCase) throws {
        let bytes = try example.bytes
        for count in 0..<bytes.count - 1 {
            #expect(ProxyHeader.read(bytes.span.extracting(first: count)) == .needMore, "\(count) bytes")
        }
        #expect(ProxyHeader.read(bytes.span) == .malformed)
        #expect(ProxyHeader.read((bytes + Array(" 1 1\r\n\r\n".utf8)).span) == .malformed)
    }

    @Test(arguments: 0...UInt8.max)
    func `begins with one of two bytes`(byte: UInt8) {
        let expected: ProxyHeader.Reading = [0x0D, 0x50].contains(byte) ? .needMore : .malformed
        #expect(ProxyHeader.read([byte].span) == expected)
    }

    @Test func `keeps its decision when more bytes come, whatever was damaged`() throws {
        for example in ProxyHeaderCase.accepted + ProxyHeaderCase.refused {
            var random = NameSeededGenerator(seed: example.text)
            for _ in 0..<40 {
                let bytes = random.damage(try example.bytes) + Array(" 1\r\n".utf8)
                var decision = ProxyHeader.Reading.needMore
                for count in 0...bytes.count where decision == .needMore || count % 7 == 0 {
                    let reading = ProxyHeader.read(bytes.span.extracting(first: count))
                    #expect(decision == .needMore || reading == decision, "\(bytes) up to \(count)")
                    if decision == .needMore, case .header(_, let length) = reading { #expect(length == count) }
                    decision = reading
                }
            }
        }
    }

    @Test func `of version 1 is what a plain reading of the whole line says, whatever was damaged`() throws {
        var accepted = 0
        for example in ProxyHeaderCase.accepted + ProxyHeaderCase.refused where example.text.hasPrefix("PROXY TCP") {
            var random = NameSeededGenerator(seed: example.text)
            for _ in 0..<500 {
                let line = random.damage(try example.bytes)
                let source = Self.plainSource(of: line)
                let reading = ProxyHeader.read(line.span)
                if let source {
                    #expect(reading == .header(source: .ip(source), length: line.count), "\(line)")
                    accepted += 1
                } else if case .header(_, let length) = reading {
                    // Behind a whole line there may be anything.
                    #expect(Self.plainSource(of: Array(line[..<length])) != nil, "\(line)")
                }
            }
        }
        #expect(accepted >= 200, "so many lines are still good that the test tells something")
    }

    @Test func `is never needed beyond its greatest length`() throws {
        let line = Array(("PROXY UNKNOWN " + String(repeating: "x", count: 200)).utf8)
        #expect(ProxyHeader.read(line.span.extracting(first: 106)) == .needMore)
        #expect(ProxyHeader.read(line.span.extracting(first: 107)) == .malformed)
        let largest = try ProxyHeaderCase.block(#"\x20\x00\x10\x00"#).bytes + Array(repeating: 0, count: 4_096)
        #expect(largest.count == ProxyHeader.maximumBytes)
        #expect(ProxyHeader.read(largest.span) == .header(source: nil, length: largest.count))
    }

    @Test func `of version 2 is refused when one bit of it is not what was summed up`() throws {
        let summed = ProxyHeaderCase.accepted.filter { $0.name.hasPrefix("checksum") }
        #expect(summed.count == 2)
        for example in summed {
            let bytes = try example.bytes
            for place in bytes.indices {
                var damaged = bytes
                damaged[place] ^= 0x10
                // Another command, or another type of vector, makes it a block without a checksum.
                let hidesChecksum = [12, 13].contains(place) || bytes[place...].starts(with: [0x03, 0, 4])
                let isHeader = ProxyHeader.read(damaged.span) == .header(source: example.source, length: bytes.count)
                #expect(!isHeader || hidesChecksum, "byte \(place)")
            }
        }
    }

    /// Reads a line as §2.1 describes it, with none of the means of the real reader but addresses.
    private static func plainSource(of line: [UInt8]) -> IPAddress? {
        guard line.count <= 107, line.suffix(2) == [0x0D, 0x0A], line.allSatisfy({ $0 < 0x80 }) else { return nil }
        let words = line.dropLast(2).split(separator: 0x20, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard words.count == 6, words[0] == "PROXY", words[1] == "TCP4" || words[1] == "TCP6",
            let source = IPAddress(words[2]), IPAddress(words[3]) != nil,
            words[2...3].allSatisfy({ $0.contains(":") == (words[1] == "TCP6") }),
            words[4...5].allSatisfy({ word in UInt16(word).map { String($0) == word } ?? false })
        else { return nil }
        return source
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Bytes as a person writes them: text, with `\r \n \t \0 \\ \xHH` for single bytes and `\{TEXT*COUNT}` for long runs.
///
/// A line break of the file stands for nothing, so that each line of a request has a line of its own.
enum ByteNotation {
    enum Mistake: Error, Equatable {
        case unknownEscape(at: Int)
        case unfinishedEscape(at: Int)
        case badRepetition(at: Int)
    }

    static func bytes(of text: some StringProtocol) throws(Mistake) -> [UInt8] {
        let source = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < source.count {
            let byte = source[index]
            if byte == UInt8(ascii: "\\") {
                try readEscape(source, &index, into: &result)
            } else {
                if byte != UInt8(ascii: "\n") { result.append(byte) }
                index += 1
            }
        }
        return result
    }

    private static func readEscape(_ source: [UInt8], _ index: inout Int, into result: inout [UInt8]) throws(Mistake) {
        let start = index
        guard start + 1 < source.count else { throw .unfinishedEscape(at: start) }
        index += 2
        switch source[start + 1] {
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "0"): result.append(0x00)
        case UInt8(ascii: "\\"): result.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "x"):
            guard start + 4 <= source.count,
                let byte = UInt8(String(decoding: source[start + 2..<start + 4], as: UTF8.self), radix: 16)
            else { throw .unfinishedEscape(at: start) }
            result.append(byte)
            index = start + 4
        case UInt8(ascii: "{"):
            guard let end = source[start...].firstIndex(of: UInt8(ascii: "}")),
                let star = source[start..<end].lastIndex(of: UInt8(ascii: "*")),
                let count = Int(String(decoding: source[star + 1..<end], as: UTF8.self))
            else { throw .badRepetition(at: start) }
            let unit = try bytes(of: String(decoding: source[start + 2..<star], as: UTF8.self))
            for _ in 0..<count { result.append(contentsOf: unit) }
            index = end + 1
        default: throw .unknownEscape(at: start)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The parts of `HTTP/1.x SP 3DIGIT SP [ reason ]` (RFC 9112 §4).
struct StatusLine {
    /// The status code, 100 to 599.
    let code: Int
    /// 0, or 1 for everything from 1.1 to 1.9 (RFC 9110 §2.5).
    let minorVersion: UInt8

    /// Reads the status line that `line` of `bytes` holds, without its CRLF and free of control characters but HTAB.
    init(_ bytes: Span<UInt8>, line: Range<Int>) throws(RequestError) {
        let start = line.lowerBound
        guard line.count >= 13, bytes.equals("HTTP/1.", in: start..<start + 7), bytes[start + 7].isDigit,
            bytes[start + 8] == .space, bytes[start + 12] == .space
        else { throw .malformed(.version) }
        var code = 0
        for index in start + 9..<start + 12 {
            guard bytes[index].isDigit else { throw .malformed(.requestLine) }
            code = code * 10 + Int(bytes[index] - 0x30)
        }
        // RFC 9110 §15: values outside 100 to 599 are invalid.
        guard (100...599).contains(code) else { throw .malformed(.requestLine) }
        self.code = code
        minorVersion = bytes[start + 7] == 0x30 ? 0 : 1
    }
}

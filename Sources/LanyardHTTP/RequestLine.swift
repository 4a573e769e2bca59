// SPDX-License-Identifier: Apache-2.0

/// The parts of `METHOD SP target SP HTTP/1.x` (RFC 9112 §3).
struct RequestLine {
    let method: Method
    let target: TargetLayout
    /// 0, or 1 for everything from 1.1 to 1.9 (RFC 9110 §2.5).
    let minorVersion: UInt8

    /// Reads the request line that `line` of `bytes` holds, without its CRLF and free of control characters but HTAB.
    ///
    /// The version is judged first, because another major version may give the rest another meaning: `PRI * HTTP/2.0` is 505.
    init(_ bytes: Span<UInt8>, line: Range<Int>) throws(RequestError) {
        var methodEnd = line.lowerBound
        while methodEnd < line.upperBound, CharacterClass.token.contains(bytes[methodEnd]) { methodEnd &+= 1 }
        guard methodEnd > line.lowerBound, methodEnd < line.upperBound, bytes[methodEnd] == .space,
            let targetEnd = bytes.firstOffset(of: .space, in: methodEnd + 1..<line.upperBound),
            targetEnd > methodEnd + 1
        else { throw .malformed(.requestLine) }

        minorVersion = try Self.minorVersion(bytes, in: targetEnd + 1..<line.upperBound)
        method = Method(bytes, in: line.lowerBound..<methodEnd)
        target = try TargetLayout(bytes, in: methodEnd + 1..<targetEnd, method: method)
    }

    /// Reads `HTTP/` DIGIT `.` DIGIT, case and length exact (RFC 9112 §2.3).
    private static func minorVersion(_ bytes: Span<UInt8>, in range: Range<Int>) throws(RequestError) -> UInt8 {
        guard !range.contains(where: { bytes[$0].isBlank }) else { throw .malformed(.requestLine) }
        guard range.count == 8, bytes.equals("HTTP/", in: range.lowerBound..<range.lowerBound + 5),
            bytes[range.lowerBound + 5].isDigit, bytes[range.lowerBound + 6] == UInt8(ascii: "."),
            bytes[range.lowerBound + 7].isDigit
        else { throw .malformed(.version) }
        guard bytes[range.lowerBound + 5] == 0x31 else { throw .unsupportedVersion }
        return bytes[range.lowerBound + 7] == 0x30 ? 0 : 1
    }
}

extension Method {
    /// Creates the method that `range` of `bytes` names; methods are case-sensitive (RFC 9110 §9.1).
    init(_ bytes: Span<UInt8>, in range: Range<Int>) {
        let candidate: Method
        switch (range.count, range.isEmpty ? 0 : bytes[range.lowerBound]) {
        case (3, UInt8(ascii: "G")): candidate = .get
        case (3, UInt8(ascii: "P")): candidate = .put
        case (4, UInt8(ascii: "P")): candidate = .post
        case (4, UInt8(ascii: "H")): candidate = .head
        case (5, UInt8(ascii: "P")): candidate = .patch
        case (5, UInt8(ascii: "T")): candidate = .trace
        case (6, UInt8(ascii: "D")): candidate = .delete
        case (7, UInt8(ascii: "O")): candidate = .options
        case (7, UInt8(ascii: "C")): candidate = .connect
        default: candidate = .other
        }
        self = bytes.equals(candidate.rawValue, in: range) ? candidate : .other
    }

    /// Whether content has a meaning with the method (RFC 9110 §9.3); with another it is a way to smuggle.
    var definesContent: Bool {
        switch self {
        case .post, .put, .patch: true
        case .get, .head, .delete, .connect, .options, .trace, .other: false
        }
    }
}

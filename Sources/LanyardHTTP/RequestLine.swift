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

        let rest = targetEnd + 1..<line.upperBound
        if rest.contains(where: { bytes[$0].isBlank }) {
            throw .malformed(Self.endsWithVersion(bytes, in: rest) ? .target : .requestLine)
        }
        minorVersion = try Self.minorVersion(bytes, in: targetEnd + 1..<line.upperBound)
        method = Method(bytes, in: line.lowerBound..<methodEnd)
        target = try TargetLayout(bytes, in: methodEnd + 1..<targetEnd, method: method)
    }

    /// Reads `HTTP/` DIGIT `.` DIGIT, case and length exact (RFC 9112 §2.3).
    private static func minorVersion(_ bytes: Span<UInt8>, in range: Range<Int>) throws(RequestError) -> UInt8 {
        guard range.count == 8, bytes.equals("HTTP/", in: range.lowerBound..<range.lowerBound + 5),
            bytes[range.lowerBound + 5].isDigit, bytes[range.lowerBound + 6] == UInt8(ascii: "."),
            bytes[range.lowerBound + 7].isDigit
        else { throw .malformed(.version) }
        guard bytes[range.lowerBound + 5] == 0x31 else { throw .unsupportedVersion }
        return bytes[range.lowerBound + 7] == 0x30 ? 0 : 1
    }

    /// Whether a version stands behind the last blank of `range`, and something else before it: then the target has blanks.
    private static func endsWithVersion(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
        guard let blank = range.last(where: { bytes[$0].isBlank }), !bytes.trimmed(range.lowerBound..<blank).isEmpty
        else { return false }
        return (try? minorVersion(bytes, in: blank + 1..<range.upperBound)) != nil
    }

    /// Whether `offset` is in the target of a request line of which the bytes before it arrived.
    static func isInTarget(_ bytes: Span<UInt8>, _ offset: Int) -> Bool {
        var blank = 0
        while blank < offset, CharacterClass.token.contains(bytes[blank]) { blank &+= 1 }
        guard blank > 0, blank < offset, bytes[blank] == .space else { return false }
        return bytes.firstOffset(of: .space, in: blank + 1..<offset) == nil
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

    /// Whether a request with the method may have content.
    ///
    /// With GET, HEAD, DELETE and OPTIONS it means nothing, but clients and proxies send it, and its end is known (RFC 9110 §9.3.1). A
    /// client must not send any with TRACE (§9.3.8), and behind CONNECT some would see a tunnel (§9.3.6).
    var mayHaveContent: Bool {
        switch self {
        case .get, .head, .post, .put, .delete, .options, .patch, .other: true
        case .connect, .trace: false
        }
    }
}

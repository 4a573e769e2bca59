// SPDX-License-Identifier: Apache-2.0

/// How the end of the content is found (RFC 9112 §6.3).
enum BodyFraming: Equatable, Sendable {
    /// No content follows.
    case none
    /// As many bytes as `Content-Length` says, at least one.
    case length(Int)
    /// Chunks, the last of which is empty.
    case chunked

    /// Reads the framing of the request whose head is `layout` of `bytes`.
    init(_ layout: HeadLayout, of bytes: Span<UInt8>) throws(RequestError) {
        switch (layout.transferEncoding, layout.contentLength) {
        case (nil, nil):
            self = .none
        case (nil, let length?):
            guard let count = Self.length(bytes, in: length.offsets) else { throw .malformed(.contentLength) }
            self = count == 0 ? .none : .length(count)
        case (let coding?, nil):
            // RFC 9112 §6.1: 1.0 has no transfer codings, so a proxy of that version saw other content than we would.
            guard layout.line.minorVersion > 0 else { throw .malformed(.transferEncoding) }
            try Self.checkChunked(bytes, in: coding.offsets)
            self = .chunked
        case (_?, _?):
            // RFC 9112 §6.3: both at once "ought to be handled as an error"; it is how requests are smuggled.
            throw .malformed(.bothFramings)
        }
    }

    /// Returns the number that `range` of `bytes` is, or `nil`: digits alone, no leading zero, below 2^63.
    ///
    /// The grammar allows leading zeros (RFC 9110 §8.6); no client sends them, and some parsers read them as octal.
    static func length(_ bytes: Span<UInt8>, in range: Range<Int>) -> Int? {
        guard let first = range.first, bytes[first] != 0x30 || range.count == 1 else { return nil }
        var number = 0
        for index in range {
            guard bytes[index].isDigit else { return nil }
            let (product, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, isStillTooLarge) = product.addingReportingOverflow(Int(bytes[index] - 0x30))
            guard !isTooLarge, !isStillTooLarge else { return nil }
            number = sum
        }
        return number
    }

    /// Throws unless the value of `Transfer-Encoding` is `chunked` and nothing else.
    ///
    /// Another well-formed coding before a final `chunked` is one that the server does not have (RFC 9112 §6.1: 501). Everything else
    /// leaves the end of the content in doubt (§6.3: 400): empty elements, parameters, `chunked` twice or not last.
    static func checkChunked(_ bytes: Span<UInt8>, in range: Range<Int>) throws(RequestError) {
        var codings = 0
        var chunked = 0
        var isLastChunked = false
        var start = range.lowerBound
        while true {
            let end = bytes.firstOffset(of: UInt8(ascii: ","), in: start..<range.upperBound) ?? range.upperBound
            let coding = bytes.trimmed(start..<end)
            guard !coding.isEmpty, coding.allSatisfy({ CharacterClass.token.contains(bytes[$0]) }) else {
                throw .malformed(.transferEncoding)
            }
            isLastChunked = bytes.equalsIgnoringCase("chunked", in: coding)
            codings += 1
            chunked += isLastChunked ? 1 : 0
            guard end < range.upperBound else { break }
            start = end + 1
        }
        guard isLastChunked, chunked == 1 else { throw .malformed(.transferEncoding) }
        guard codings == 1 else { throw .unknownTransferCoding }
    }
}

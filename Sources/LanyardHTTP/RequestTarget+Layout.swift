// SPDX-License-Identifier: Apache-2.0

extension RequestTarget {
    /// Creates the target that `layout` finds in `bytes`.
    init(_ layout: TargetLayout, of bytes: Span<UInt8>) throws(RequestError) {
        switch layout.form {
        case .asterisk: self = .asterisk
        case .authority: self = .authority
        case .origin, .absolute:
            let (path, isRoutable) = try Self.path(layout, of: bytes)
            let query = try layout.query.map { range throws(RequestError) in try Self.query(bytes, in: range.offsets) }
            self = isRoutable ? .path(path, query: query) : .unroutable(path, query: query)
        }
    }

    /// Returns the decoded path, and whether routes may take it.
    private static func path(
        _ layout: TargetLayout, of bytes: Span<UInt8>
    ) throws(RequestError) -> (text: String, isRoutable: Bool) {
        let range = layout.path.offsets
        if range.isEmpty { return ("/", true) }  // RFC 9110 §4.2.3: an empty path is the root.
        guard layout.isPathEncoded else {
            guard let text = bytes.text(in: range) else { throw .malformed(.target) }
            return (text, isRoutable(bytes, in: range))
        }
        let decoded = PercentEncoding.decoded(bytes, in: range)
        guard let text = decoded.span.text(in: decoded.indices) else { throw .malformed(.target) }
        // A slash that was encoded is data of a segment by RFC 3986 §2.2, and a delimiter to whoever decodes first.
        let hidesSlash = slashes(decoded.span, in: decoded.indices) != slashes(bytes, in: range)
        return (text, !hidesSlash && isRoutable(decoded.span, in: decoded.indices))
    }

    /// Returns the query as it came, if it decodes to UTF-8.
    private static func query(_ bytes: Span<UInt8>, in range: Range<Int>) throws(RequestError) -> [UInt8] {
        if bytes.firstOffset(of: UInt8(ascii: "%"), in: range) != nil {
            let decoded = PercentEncoding.decoded(bytes, in: range)
            guard (try? UTF8Span(validating: decoded.span)) != nil else { throw .malformed(.target) }
        }
        return bytes.copy(of: range)
    }

    /// Whether no segment of the path is `.` or `..`, and none but the last is empty.
    ///
    /// A server that resolved them would disagree with some proxy about what was asked for.
    private static func isRoutable(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
        var start = range.lowerBound + 1
        while let end = bytes.firstOffset(of: UInt8(ascii: "/"), in: start..<range.upperBound) {
            if start == end || isDotSegment(bytes, in: start..<end) { return false }
            start = end + 1
        }
        return !isDotSegment(bytes, in: start..<range.upperBound)
    }

    private static func isDotSegment(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
        (range.count == 1 || range.count == 2) && range.allSatisfy { bytes[$0] == UInt8(ascii: ".") }
    }

    private static func slashes(_ bytes: Span<UInt8>, in range: Range<Int>) -> Int {
        range.reduce(0) { $0 + (bytes[$1] == UInt8(ascii: "/") ? 1 : 0) }
    }
}

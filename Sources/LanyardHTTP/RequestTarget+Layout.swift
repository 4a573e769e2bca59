// SPDX-License-Identifier: Apache-2.0

extension RequestTarget {
    /// Creates the target that `layout` finds in `bytes`.
    init(_ layout: TargetLayout, of bytes: Span<UInt8>) {
        switch layout.form {
        case .asterisk: self = .asterisk
        case .authority: self = .authority
        case .origin, .absolute:
            let query = layout.query.map { bytes.copy(of: $0.offsets) }
            if !layout.isIrregular, Self.isText(layout.query, of: bytes), let path = Self.path(layout, of: bytes) {
                self = path.isRoutable ? .path(path.text, query: query) : .unroutable(path.text, query: query)
            } else {
                let path = PercentEncoding.decoded(bytes, in: layout.path.offsets)
                self = .irregular(path.isEmpty ? "/" : String(decoding: path, as: UTF8.self), query: query)
            }
        }
    }

    /// Returns the decoded path, and whether routes may take it; `nil` if it is not UTF-8.
    private static func path(_ layout: TargetLayout, of bytes: Span<UInt8>) -> (text: String, isRoutable: Bool)? {
        let range = layout.path.offsets
        if range.isEmpty { return ("/", true) }  // RFC 9110 §4.2.3: an empty path is the root.
        guard layout.isPathEncoded else {
            guard let text = bytes.text(in: range) else { return nil }
            return (text, isRoutable(bytes, in: range))
        }
        let decoded = PercentEncoding.decoded(bytes, in: range)
        guard let text = decoded.span.text(in: decoded.indices) else { return nil }
        // A slash that was encoded is data of a segment by RFC 3986 §2.2, and a delimiter to whoever decodes first.
        let hidesSlash = slashes(decoded.span, in: decoded.indices) != slashes(bytes, in: range)
        return (text, !hidesSlash && isRoutable(decoded.span, in: decoded.indices))
    }

    /// Whether the query, if there is one, decodes to UTF-8.
    private static func isText(_ query: ByteRange?, of bytes: Span<UInt8>) -> Bool {
        guard let range = query?.offsets, bytes.firstOffset(of: UInt8(ascii: "%"), in: range) != nil else {
            return true
        }
        let decoded = PercentEncoding.decoded(bytes, in: range)
        return (try? UTF8Span(validating: decoded.span)) != nil
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

// SPDX-License-Identifier: Apache-2.0

/// The fields behind the last chunk, checked and forgotten: nothing of them is merged into the head (RFC 9112 §7.1.2).
struct TrailerSection {
    private var section: [UInt8] = []
    private var lines = LineScanner()

    /// Takes the next bytes from `index` on, and moves it behind those taken.
    ///
    /// - Returns: Whether the section has ended.
    mutating func take(
        _ bytes: Span<UInt8>, from index: inout Int, limitBytes: Int
    ) throws(RequestError) -> Bool {
        var lines = self.lines  // Apart from `self`, which a span of the section borrows whole.
        defer { self.lines = lines }
        while index < bytes.count {
            section.append(bytes[index])
            index += 1
            let rule = LineScanner.Rule(
                limitBytes: max(0, limitBytes - lines.lineStart - 2), tooLong: .fieldsTooLarge, forbidden: .trailer)
            guard let line = try lines.nextLine(in: section.span, rule) else { continue }
            if line.isEmpty { return true }
            guard let field = FieldLine(section.span, line: line), Self.isAllowed(section.span, field.name) else {
                throw .malformed(.trailer)
            }
        }
        return false
    }

    /// Whether a field may be sent behind the content: none that frames, routes or authenticates (RFC 9110 §6.5.1).
    private static func isAllowed(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Bool {
        if bytes.equalsIgnoringCase("cookie", in: name) { return false }
        switch SingletonField(bytes, in: name) {
        case .host, .contentLength, .transferEncoding, .contentType, .authorization: return false
        case .expect, .dpop, .origin, .secFetchSite, nil: return true
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Scans a head as its bytes come, and allocates nothing.
struct HeadScanner {
    private var lines = LineScanner()
    private var layout: HeadLayout?

    /// Whether no byte of the request line has come.
    var isPristine: Bool { layout == nil && lines.isPristine }

    /// Returns the layout of the head once its last byte is among `bytes`, which begin with its first.
    mutating func scan(_ bytes: Span<UInt8>, _ limits: RequestLimits) throws(RequestError) -> HeadLayout? {
        if layout == nil {
            let rule = LineScanner.Rule(
                limitBytes: limits.requestLineBytes,
                tooLong: .targetTooLong(limitBytes: limits.requestLineBytes),
                forbidden: .requestLine)
            let line: Range<Int>?
            do throws(RequestError) {
                line = try lines.nextLine(in: bytes, rule)
            } catch {
                let isInTarget = error == .malformed(.requestLine) && RequestLine.isInTarget(bytes, lines.scanned)
                throw isInTarget ? .malformed(.target) : error
            }
            guard let line else { return nil }
            layout = HeadLayout(line: try RequestLine(bytes, line: line), fieldsStart: lines.lineStart)
        }
        return try scanFields(bytes, limits)
    }

    private mutating func scanFields(_ bytes: Span<UInt8>, _ limits: RequestLimits) throws(RequestError) -> HeadLayout?
    {
        guard var head = layout else { return nil }
        while true {
            let room = limits.fieldsBytes - (lines.lineStart - head.fieldsStart) - 2
            let rule = LineScanner.Rule(
                limitBytes: max(0, min(limits.fieldLineBytes, room)), tooLong: .fieldsTooLarge, forbidden: .field)
            guard let line = try lines.nextLine(in: bytes, rule) else { break }
            if line.isEmpty {
                try head.finish(at: lines.lineStart, of: bytes)
                return head
            }
            guard head.fieldCount < limits.fieldCount else { throw .fieldsTooLarge }
            guard let field = FieldLine(bytes, line: line) else { throw .malformed(.field) }
            try head.add(field, of: bytes)
        }
        layout = head
        return nil
    }
}

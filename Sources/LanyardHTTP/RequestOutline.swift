// SPDX-License-Identifier: Apache-2.0

/// What is known of a request that is refused, however little of it arrived.
///
/// It decides nothing but the form of the refusal: whether it has content, and what the answers of its route have in common.
package struct RequestOutline: Equatable, Sendable {
    /// The method; `nil` unless the bytes begin with a token and a blank.
    package private(set) var method: Method?
    /// The method, the target and the field lines that arrived whole; `nil` if the target is unknown.
    ///
    /// The target may be cut off or hold bytes that no request may have; such a one is `.unroutable` or `.irregular`.
    package private(set) var head: RequestHead?

    /// Creates the outline of a request of which nothing is known.
    init() {}

    /// Creates the outline of a request whose head is complete.
    init(_ head: RequestHead) {
        method = head.method
        self.head = head
    }

    /// Creates the outline of a request of which `bytes` arrived, which begin with its first byte.
    init(of bytes: Span<UInt8>, _ limits: RequestLimits) {
        var blank = 0
        while blank < bytes.count, CharacterClass.token.contains(bytes[blank]) { blank &+= 1 }
        guard blank > 0, blank < bytes.count, bytes[blank] == .space else { return }
        let method = Method(bytes, in: 0..<blank)
        self.method = method

        var end = blank + 1
        let limit = min(bytes.count, limits.requestLineBytes + 1)
        while end < limit, !Self.endsTarget(bytes[end]) { end &+= 1 }
        let isWhole = end < bytes.count && Self.endsTarget(bytes[end])
        guard let target = RequestTarget(ofRefused: bytes, in: blank + 1..<end, method: method, isWhole: isWhole)
        else { return }
        head = RequestHead(
            method: method, target: target, minorVersion: 1, fields: Self.fields(in: bytes, from: end, limits))
    }

    private static func endsTarget(_ byte: UInt8) -> Bool {
        byte == .space || byte == .carriageReturn || byte == .lineFeed
    }

    /// Returns the field lines that follow the request line, up to the first that is not one.
    private static func fields(in bytes: Span<UInt8>, from end: Int, _ limits: RequestLimits) -> [RequestHead.Field] {
        guard let lineEnd = bytes.firstOffset(of: .lineFeed, in: end..<bytes.count) else { return [] }
        let section = bytes.extracting((lineEnd + 1)...)
        let rule = LineScanner.Rule(
            limitBytes: limits.fieldLineBytes, tooLong: .fieldsTooLarge, forbidden: .field)
        var lines = LineScanner()
        var fields: [RequestHead.Field] = []
        while fields.count < limits.fieldCount, lines.lineStart < limits.fieldsBytes,
            let line = try? lines.nextLine(in: section, rule), let field = FieldLine(section, line: line)
        {
            fields.append(RequestHead.Field(section, field))
        }
        return fields
    }
}

extension RequestHead.Field {
    /// Copies the field line that `line` finds in `bytes`.
    init(_ bytes: Span<UInt8>, _ line: FieldLine) {
        self.init(name: bytes.lowercasedText(in: line.name), value: bytes.copy(of: line.value))
    }
}

extension RequestTarget {
    /// Creates the target of a refused request, as far as it arrived; `nil` if it names no path of this server.
    ///
    /// A path that may go on is `.unroutable`: what is found by the paths above it is found by the whole path, too.
    fileprivate init?(ofRefused bytes: Span<UInt8>, in range: Range<Int>, method: Method, isWhole: Bool) {
        if isWhole, !range.isEmpty, let layout = try? TargetLayout(bytes, in: range, method: method) {
            self.init(layout, of: bytes)
            return
        }
        guard let first = range.first, bytes[first] == UInt8(ascii: "/") else { return nil }
        let mark = bytes.firstOffset(of: UInt8(ascii: "?"), in: range)
        let path = String(
            decoding: PercentEncoding.decoded(bytes, in: first..<(mark ?? range.upperBound)), as: UTF8.self)
        let query = mark.map { bytes.copy(of: $0 + 1..<range.upperBound) }
        self = isWhole || mark != nil ? .irregular(path, query: query) : .unroutable(path, query: query)
    }
}

// SPDX-License-Identifier: Apache-2.0

package import LanyardHTTP

/// Which content codings a client takes (RFC 9110 §12.5.3); reading it allocates nothing.
///
/// A coding whose weight is malformed counts as refused, and one that is listed twice by the lower weight: what was not
/// surely asked for is not done.
package struct AcceptEncoding {
    private var gzip: Weight?
    private var identity: Weight?
    /// Every other coding, by `*`.
    private var others: Weight?

    /// Reads all lines of a head.
    package init(_ head: RequestHead) {
        for field in head.fields where field.name == "accept-encoding" {
            add(field.value.span, in: field.value.indices)
        }
    }

    /// Reads the one line of a head whose value is in `range`.
    package init(_ bytes: Span<UInt8>, in range: Range<Int>) {
        add(bytes, in: range)
    }

    /// Whether the client would rather have gzip than the content as it is.
    ///
    /// With equal weights it gets what is smaller. Nobody who names neither `identity` nor `*` would rather have the content as it is.
    /// Who takes nothing at all gets the content as it is, which serves more than a refusal does.
    package var prefersGzip: Bool {
        guard let weight = gzip ?? others, weight > .none else { return false }
        return weight >= identity ?? others ?? .none
    }

    private mutating func add(_ bytes: Span<UInt8>, in range: Range<Int>) {
        var start = range.lowerBound
        while start < range.upperBound {
            var end = start
            while end < range.upperBound, bytes[end] != UInt8(ascii: ",") { end += 1 }
            addMember(bytes, in: start..<end)
            start = end + 1
        }
    }

    private mutating func addMember(_ bytes: Span<UInt8>, in range: Range<Int>) {
        var end = range.lowerBound
        while end < range.upperBound, bytes[end] != UInt8(ascii: ";") { end += 1 }
        let coding = Self.trimmed(bytes, range.lowerBound..<end)
        if Self.isEqual(bytes, coding, "gzip") || Self.isEqual(bytes, coding, "x-gzip") {
            // RFC 9110 §8.4.1.3: x-gzip is the same.
            gzip = lower(gzip, Self.weight(bytes, in: end..<range.upperBound))
        } else if Self.isEqual(bytes, coding, "identity") {
            identity = lower(identity, Self.weight(bytes, in: end..<range.upperBound))
        } else if Self.isEqual(bytes, coding, "*") {
            others = lower(others, Self.weight(bytes, in: end..<range.upperBound))
        }
    }

    private func lower(_ one: Weight?, _ other: Weight) -> Weight {
        min(one ?? other, other)
    }

    /// Returns the weight that `range` holds, with its semicolon; the full one if it is empty, and none for what is none.
    private static func weight(_ bytes: Span<UInt8>, in range: Range<Int>) -> Weight {
        guard !range.isEmpty else { return .full }
        return Weight(bytes.extracting(trimmed(bytes, range.lowerBound + 1..<range.upperBound))) ?? .none
    }

    /// Whether `range` holds `text`, which is in lower case; codings are compared without case (RFC 9110 §8.4.1).
    private static func isEqual(_ bytes: Span<UInt8>, _ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        let expected = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount).span
        for offset in expected.indices {
            let byte = bytes[range.lowerBound + offset]
            let lowercased = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            guard lowercased == expected[offset] else { return false }
        }
        return true
    }

    /// Returns `range` without the blanks at both ends (RFC 9110 §5.6.3).
    private static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, isBlank(bytes[lower]) { lower += 1 }
        while lower < upper, isBlank(bytes[upper - 1]) { upper -= 1 }
        return lower..<upper
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

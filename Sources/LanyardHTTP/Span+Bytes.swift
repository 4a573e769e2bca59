// SPDX-License-Identifier: Apache-2.0

extension Span<UInt8> {
    /// Returns whether the bytes in `range` are those of `text`.
    func equals(_ text: String, in range: Range<Int>) -> Bool {
        let expected = text.utf8.span
        guard expected.count == range.count else { return false }
        for offset in expected.indices where self[range.lowerBound &+ offset] != expected[offset] { return false }
        return true
    }

    /// Returns whether the bytes in `range` are those of `text`, which is in lower case, but for the case of letters.
    func equalsIgnoringCase(_ text: StaticString, in range: Range<Int>) -> Bool {
        let expected = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount).span
        guard expected.count == range.count else { return false }
        for offset in expected.indices where self[range.lowerBound &+ offset].lowercased != expected[offset] {
            return false
        }
        return true
    }

    /// Returns the first offset in `range` that holds `byte`, or `nil`.
    func firstOffset(of byte: UInt8, in range: Range<Int>) -> Int? {
        let part = extracting(range)
        var offset = 0
        while offset < part.count {
            if part[offset] == byte { return range.lowerBound + offset }
            offset &+= 1
        }
        return nil
    }

    /// Returns the first offset at or after `start` of a byte that may not stand in a line, or ``count``.
    ///
    /// Eight bytes at a time while all of them are visible ASCII or SP, as nearly all are.
    func firstForbiddenInLine(from start: Int) -> Int {
        var offset = start
        while offset &+ 8 <= count {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            // In each byte the high bit tells; nothing borrows, and what carries into the next byte had its own bit set.
            let lowBits: UInt64 = 0x0101_0101_0101_0101
            let highBits = lowBits &* 0x80
            let belowSpace = ((word | highBits) &- lowBits &* 0x20) ^ highBits
            let delete = word &+ lowBits
            guard (word | belowSpace | delete) & highBits == 0 else { break }
            offset &+= 8
        }
        while offset < count, !self[offset].isForbiddenInLine { offset &+= 1 }
        return offset
    }

    /// Returns `range` without the blanks at both ends (OWS, RFC 9110 §5.6.3).
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, self[lower].isBlank { lower &+= 1 }
        while lower < upper, self[upper &- 1].isBlank { upper &-= 1 }
        return lower..<upper
    }

    /// Returns a copy of the bytes in `range`.
    func copy(of range: Range<Int>) -> [UInt8] {
        unsafe extracting(range).withUnsafeBufferPointer { unsafe Array($0) }
    }

    /// Returns the text in `range`, or `nil` if it is not UTF-8.
    func text(in range: Range<Int>) -> String? {
        guard let text = try? UTF8Span(validating: extracting(range)) else { return nil }
        return String(copying: text)
    }

    /// Returns the bytes in `range`, which are ASCII, as text in lower case.
    func lowercasedText(in range: Range<Int>) -> String {
        unsafe String(unsafeUninitializedCapacity: range.count) { text in
            var length = 0
            for offset in range {
                unsafe text.initializeElement(at: length, to: self[offset].lowercased)
                length &+= 1
            }
            return length
        }
    }
}

extension [UInt8] {
    /// Appends the UTF-8 of `text`.
    mutating func append(_ text: String) {
        let bytes = text.utf8.span
        append(bytes, in: bytes.indices)
    }

    /// Appends the UTF-8 of a literal, which lies in the program as it is written.
    mutating func append(literal text: StaticString) {
        unsafe append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends the bytes of `source` in `range`.
    mutating func append(_ source: Span<UInt8>, in range: Range<Int>) {
        unsafe source.extracting(range).withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}

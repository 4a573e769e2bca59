// SPDX-License-Identifier: Apache-2.0

/// Finds the lines of a head whose bytes may come in pieces, and looks at each byte once.
///
/// The bytes handed in always begin with the same byte; only their end grows. What is decided about a byte depends on the
/// bytes before it and the one after it, never on how they were cut.
struct LineScanner {
    /// The offset of the first byte of the current line.
    private(set) var lineStart = 0
    /// The offset up to which the current line is known to hold neither its end nor a forbidden byte; after an error, that of the
    /// byte that is at fault.
    private(set) var scanned = 0

    /// Whether no byte of the first line has come.
    var isPristine: Bool { scanned == 0 }

    /// What a line may be, and which errors say that it is not.
    struct Rule {
        /// The longest line, without its CRLF.
        var limitBytes: Int
        /// Thrown for a longer line.
        var tooLong: RequestError
        /// Thrown for a control character other than HTAB.
        var forbidden: Malformation
    }

    /// Returns the next line without its CRLF and steps over it, or returns `nil` if its end has not come.
    mutating func nextLine(in bytes: Span<UInt8>, _ rule: Rule) throws(RequestError) -> Range<Int>? {
        let end = min(bytes.count, lineStart + rule.limitBytes + 1)
        let index = bytes.extracting(..<end).firstForbiddenInLine(from: min(scanned, end))
        scanned = index
        guard index - lineStart <= rule.limitBytes else { throw rule.tooLong }
        guard index < bytes.count else { return nil }

        // RFC 9112 §2.2: a bare LF may be taken for a line end and a bare CR for a space; both are how requests are smuggled.
        guard bytes[index] == .carriageReturn else {
            throw .malformed(bytes[index] == .lineFeed ? .lineEnding : rule.forbidden)
        }
        guard index + 1 < bytes.count else { return nil }
        guard bytes[index + 1] == .lineFeed else { throw .malformed(.lineEnding) }
        let line = lineStart..<index
        lineStart = index + 2
        scanned = lineStart
        return line
    }
}

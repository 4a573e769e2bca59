// SPDX-License-Identifier: Apache-2.0

/// One pass over the bytes of a JSON text (RFC 8259).
struct JSONReader {
    let bytes: [UInt8]
    let limits: JSONLimits
    /// The next byte to be read.
    var offset = 0
    /// Whether there is no byte above 0x7F.
    private(set) var isASCII = false

    init(_ bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// Returns the one value of the text.
    mutating func readDocument() throws(JSONError) -> JSONValue {
        // Checked once for all: a quote or a backslash is never part of a longer character, so each string is valid too.
        do {
            isASCII = try UTF8Span(validating: bytes.span).isKnownASCII
        } catch {
            throw JSONError(.invalidUTF8, at: error.byteOffsets.lowerBound)
        }
        skipWhitespace()
        let value = try readValue(depth: 0)
        skipWhitespace()
        guard offset == bytes.count else { throw JSONError(.trailingBytes, at: offset) }
        return value
    }

    private mutating func readValue(depth: Int) throws(JSONError) -> JSONValue {
        switch try peek() {
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "{"): return .object(try readObject(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try readArray(depth: depth + 1))
        case UInt8(ascii: "t"):
            try readWord("true")
            return .boolean(true)
        case UInt8(ascii: "f"):
            try readWord("false")
            return .boolean(false)
        case UInt8(ascii: "n"):
            try readWord("null")
            return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try readNumber())
        default: throw JSONError(.unexpectedByte, at: offset)
        }
    }

    private mutating func readObject(depth: Int) throws(JSONError) -> JSONObject {
        guard depth <= limits.maximumDepth else { throw JSONError(.tooDeep, at: offset) }
        var members: [JSONObject.Member] = []
        offset += 1
        skipWhitespace()
        if try peek() == UInt8(ascii: "}") {
            offset += 1
            return JSONObject(distinct: members)
        }
        members.reserveCapacity(min(16, limits.maximumMembers))
        while true {
            let start = offset
            guard try peek() == UInt8(ascii: "\"") else { throw JSONError(.unexpectedByte, at: offset) }
            guard members.count < limits.maximumMembers else { throw JSONError(.tooManyMembers, at: start) }
            let key = JSONName(try readString())
            for member in members where member.key == key {
                throw JSONError(.duplicateMember, at: start)
            }
            skipWhitespace()
            guard try peek() == UInt8(ascii: ":") else { throw JSONError(.unexpectedByte, at: offset) }
            offset += 1
            skipWhitespace()
            members.append(JSONObject.Member(key: key, value: try readValue(depth: depth)))
            guard try readSeparator(closing: UInt8(ascii: "}")) else { return JSONObject(distinct: members) }
        }
    }

    private mutating func readArray(depth: Int) throws(JSONError) -> [JSONValue] {
        guard depth <= limits.maximumDepth else { throw JSONError(.tooDeep, at: offset) }
        var elements: [JSONValue] = []
        offset += 1
        skipWhitespace()
        if try peek() == UInt8(ascii: "]") {
            offset += 1
            return elements
        }
        while true {
            guard elements.count < limits.maximumElements else { throw JSONError(.tooManyElements, at: offset) }
            elements.append(try readValue(depth: depth))
            guard try readSeparator(closing: UInt8(ascii: "]")) else { return elements }
        }
    }

    /// Reads a comma and the blanks around it, or the closing bracket; returns whether something must follow.
    private mutating func readSeparator(closing: UInt8) throws(JSONError) -> Bool {
        skipWhitespace()
        let byte = try peek()
        guard byte == UInt8(ascii: ",") || byte == closing else { throw JSONError(.unexpectedByte, at: offset) }
        offset += 1
        guard byte != closing else { return false }
        skipWhitespace()
        return true
    }

    private mutating func readWord(_ word: StaticString) throws(JSONError) {
        for byte in word.description.utf8 {
            guard try peek() == byte else { throw JSONError(.unexpectedByte, at: offset) }
            offset += 1
        }
    }

    /// Returns the text of the bytes from `start` up to `end`, both at the borders of characters.
    func text(_ start: Int, upTo end: Int) -> String {
        // Not validated again: the whole was, and characters are cut neither by a quote nor by a digit.
        String(copying: unsafe UTF8Span(unchecked: bytes.span.extracting(start..<end), isKnownASCII: isASCII))
    }

    /// Returns the next byte without reading it.
    func peek() throws(JSONError) -> UInt8 {
        guard offset < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
        return bytes[offset]
    }

    private mutating func skipWhitespace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }
}

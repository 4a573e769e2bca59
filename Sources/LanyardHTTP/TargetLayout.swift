// SPDX-License-Identifier: Apache-2.0

/// Where the parts of a request target lie (RFC 9112 §3.2).
struct TargetLayout {
    enum Form { case origin, absolute, asterisk, authority }

    var form: Form
    /// The authority of an absolute-form target; else empty.
    var authority = ByteRange(0..<0)
    /// The path as it came; empty when an absolute-form target has none.
    var path = ByteRange(0..<0)
    /// What follows the first `?`, if there is one.
    var query: ByteRange?
    /// Whether the path holds a percent sign, so that it must be decoded.
    var isPathEncoded = false
    /// Whether path or query have a character or an escape that RFC 3986 does not allow, or that ends strings and lines.
    var isIrregular = false

    /// Reads the target that `range` of `bytes` holds, which is not empty.
    init(_ bytes: Span<UInt8>, in range: Range<Int>, method: Method) throws(RequestError) {
        if method == .connect {
            // RFC 9112 §3.2.3: only CONNECT has the authority-form, and it has no other.
            guard let authority = Authority(bytes, in: range), authority.port != nil else { throw .malformed(.target) }
            form = .authority
        } else if bytes[range.lowerBound] == UInt8(ascii: "/") {
            form = .origin
            try readPathAndQuery(bytes, in: range)
        } else if bytes.equals("*", in: range) {
            // RFC 9112 §3.2.4: only OPTIONS has the asterisk-form.
            guard method == .options else { throw .malformed(.target) }
            form = .asterisk
        } else {
            form = .absolute
            let rest = try Self.afterScheme(bytes, in: range)
            var end = rest.lowerBound
            while end < rest.upperBound, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?") { end &+= 1 }
            guard Authority(bytes, in: rest.lowerBound..<end) != nil else { throw .malformed(.target) }
            authority = ByteRange(rest.lowerBound..<end)
            try readPathAndQuery(bytes, in: end..<rest.upperBound)
            // RFC 9112 §3.2.4: OPTIONS of a URI with neither path nor query asks about the server.
            if method == .options, path.isEmpty, query == nil { form = .asterisk }
        }
    }

    /// Returns what follows `http://` or `https://`; schemes are compared without case (RFC 3986 §3.1).
    private static func afterScheme(_ bytes: Span<UInt8>, in range: Range<Int>) throws(RequestError) -> Range<Int> {
        for scheme in ["http://", "https://"] as [StaticString] {
            let end = range.lowerBound + scheme.utf8CodeUnitCount
            if end <= range.upperBound, bytes.equalsIgnoringCase(scheme, in: range.lowerBound..<end) {
                return end..<range.upperBound
            }
        }
        throw .malformed(.target)
    }

    private mutating func readPathAndQuery(_ bytes: Span<UInt8>, in range: Range<Int>) throws(RequestError) {
        var pathEnd = range.lowerBound
        while pathEnd < range.upperBound, bytes[pathEnd] != UInt8(ascii: "?") { pathEnd &+= 1 }
        path = ByteRange(range.lowerBound..<pathEnd)
        isPathEncoded = try readCharacters(bytes, in: range.lowerBound..<pathEnd)
        guard pathEnd < range.upperBound else { return }
        query = ByteRange(pathEnd + 1..<range.upperBound)
        _ = try readCharacters(bytes, in: pathEnd + 1..<range.upperBound)
    }

    /// Looks at every character and escape of `range`, and returns whether there is a percent sign.
    ///
    /// Blanks and controls are never taken; browsers and clients write all other bytes.
    private mutating func readCharacters(_ bytes: Span<UInt8>, in range: Range<Int>) throws(RequestError) -> Bool {
        var found = false
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if !CharacterClass.target.contains(byte) {
                guard !byte.isBlank, !byte.isForbiddenInLine else { throw .malformed(.target) }
                isIrregular = true
            } else if byte == UInt8(ascii: "%") {
                found = true
                switch PercentEncoding.byte(bytes, at: index, in: range) {
                // An escape that is none, or one of a byte that ends strings and lines in whatever the path is handed to.
                case nil, 0x00, .lineFeed, .carriageReturn: isIrregular = true
                default: index &+= 2
                }
            }
            index &+= 1
        }
        return found
    }
}

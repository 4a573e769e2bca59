// SPDX-License-Identifier: Apache-2.0

/// A set of ASCII characters as two masks of 64 bits; no byte above 0x7F is in any.
struct CharacterClass: Sendable {
    /// Bit n is character n, 0x00 to 0x3F.
    private let low: UInt64
    /// Bit n is character 0x40 + n.
    private let high: UInt64

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        byte < 0x80 && (byte < 0x40 ? low : high) &>> UInt64(byte & 0x3F) & 1 == 1
    }

    // Computed, so that each use folds to its constants; a stored global costs an access and a check.

    /// `tchar`: letters, digits, and ``!#$%&'*+-.^_`|~`` (RFC 9110 §5.6.2).
    @inline(__always)
    static var token: Self { Self(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE) }

    /// What may stand raw in a request target: the characters of a URI (RFC 3986 §2) but `#`.
    ///
    /// Brackets stand only in an IP literal by the letter of RFC 3986; browsers leave them raw in queries.
    @inline(__always)
    static var target: Self { Self(low: 0xAFFF_FFF2_0000_0000, high: 0x47FF_FFFE_AFFF_FFFF) }

    /// What may stand raw in a `reg-name` (RFC 3986 §3.2.2), but the comma: a list of hosts is not a host.
    @inline(__always)
    static var registeredName: Self { Self(low: 0x2BFF_6FD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFE) }
}

extension UInt8 {
    static let carriageReturn: UInt8 = 0x0D
    static let lineFeed: UInt8 = 0x0A
    static let space: UInt8 = 0x20
    static let tab: UInt8 = 0x09

    /// Whether the byte is SP or HTAB (RFC 9110 §5.6.3).
    @inline(__always)
    var isBlank: Bool { self == .space || self == .tab }

    /// Whether the byte is `0` to `9`.
    @inline(__always)
    var isDigit: Bool { self &- 0x30 < 10 }

    /// Whether the byte is a control character other than HTAB; none may stand in a line (RFC 9110 §5.5).
    @inline(__always)
    var isForbiddenInLine: Bool {
        // Visible ASCII and SP first: it is nearly all there is.
        if self &- 0x20 < 0x5F { return false }
        return self < 0x80 && self != .tab
    }

    /// The byte with `A` to `Z` in lower case, and any other as it is.
    @inline(__always)
    var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// The value of a hexadecimal digit, or `nil`.
    @inline(__always)
    var hexadecimalValue: UInt8? {
        if isDigit { return self &- 0x30 }
        let letter = self | 0x20
        return letter &- 0x61 < 6 ? letter &- 0x61 &+ 10 : nil
    }
}

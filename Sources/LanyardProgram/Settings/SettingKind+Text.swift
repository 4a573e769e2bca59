// SPDX-License-Identifier: Apache-2.0

extension SettingKind<String> {
    /// The path of a file.
    package static let path = Self("the path of a file, at most 4095 bytes") { text in
        (1...4_095).contains(text.utf8.count) && !text.unicodeScalars.contains(where: \.isControl) ? text : nil
    }

    /// An audience: it stands in a list with commas here, and in one with blanks in a form (RFC 8707 §2, RFC 6749 §3.3).
    package static let audience = Self("1 to 256 visible ASCII characters without comma, quote and backslash") { text in
        let isVisible = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x2C && $0 != 0x5C }
        return (1...256).contains(text.utf8.count) && isVisible ? text : nil
    }

    /// The name of a cookie: a token (RFC 6265 §4.1.1).
    package static let cookieName = Self("1 to 64 letters, digits and !#$%&'*+-.^_`|~") { text in
        let marks = Array("!#$%&'*+-.^_`|~".utf8)
        let isToken = text.utf8.allSatisfy { $0.isLetter || $0.isDigit || marks.contains($0) }
        return (1...64).contains(text.utf8.count) && isToken ? text : nil
    }

    /// An origin exactly as browsers send it in `Origin` (RFC 6454 §6.2), so that a comparison of bytes decides.
    ///
    /// `null` is none: every sandboxed page sends it.
    package static let origin = Self(
        "an origin as browsers send it, such as https://app.example.com: lower case, no path, no default port, no *"
    ) { text in
        guard let (scheme, rest) = splitScheme(text), !rest.contains("/"), let authority = Authority(rest) else {
            return nil
        }
        let defaultPort: UInt16? = ["http": 80, "https": 443][scheme]
        guard text == text.lowercased(), authority.port == nil || authority.port != defaultPort else { return nil }
        return text
    }
}

/// Splits `scheme://rest`; the scheme is in lower case (RFC 3986 §3.1).
package func splitScheme(_ text: String) -> (scheme: String, rest: Substring)? {
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
    let scheme = text[..<colon]
    let marks = Array("+-.".utf8)
    guard
        let first = scheme.utf8.first, (0x61...0x7A).contains(first),
        scheme.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0.isDigit || marks.contains($0) })
    else { return nil }
    return (String(scheme), text[colon...].dropFirst(3))
}

extension UInt8 {
    /// Whether the byte is an ASCII letter.
    package var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) }
    /// Whether the byte is an ASCII digit.
    package var isDigit: Bool { (0x30...0x39).contains(self) }
}

// SPDX-License-Identifier: Apache-2.0

/// The kind of a token, as its `typ` declares it: a media type (RFC 7515 §4.1.9, RFC 8725 §3.11).
public struct TokenType: Hashable, Sendable {
    /// The type after `application/`, in lower case.
    private let subtype: [UInt8]

    /// Creates a type from its name after `application/`, in lower case and ASCII.
    package init(subtype: String) {
        self.subtype = Array(subtype.utf8)
    }

    /// `at+jwt`, an access token (RFC 9068 §2.1).
    public static let accessToken = TokenType(subtype: "at+jwt")

    /// `JWT`, which says nothing about the kind; for an issuer that is set to write it.
    public static let jwt = TokenType(subtype: "jwt")

    /// `statuslist+jwt`, a status list (Token Status List §5.1).
    static let statusList = TokenType(subtype: "statuslist+jwt")

    /// Returns whether `type` names this type: case does not count, and `application/` may be left out.
    package func matches(_ type: String) -> Bool {
        let name = type.utf8.map(lowercasedASCII)
        let prefix = Array("application/".utf8)
        return name.elementsEqual(subtype)
            || name.starts(with: prefix) && name.dropFirst(prefix.count).elementsEqual(subtype)
    }
}

private func lowercasedASCII(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}

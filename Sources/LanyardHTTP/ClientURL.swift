// SPDX-License-Identifier: Apache-2.0

/// The parts of a URL that a client needs (RFC 9110 §4.2).
struct ClientURL {
    let isSecure: Bool
    /// The name or address of the host, an IPv6 address without its brackets.
    let host: String
    let port: UInt16
    /// `host[:port]` as it was written, for `Host`.
    let authority: [UInt8]
    /// Path and query, for the request line.
    let target: [UInt8]

    /// Reads `http://` or `https://`, an authority, a path and a query; a fragment is dropped.
    init(_ text: String) throws(ClientError) {
        let bytes = text.utf8.span
        let end = bytes.firstOffset(of: UInt8(ascii: "#"), in: bytes.indices) ?? bytes.count
        guard let scheme = Self.scheme(bytes) else { throw .malformedURL }
        isSecure = bytes.equalsIgnoringCase("https", in: scheme)
        guard isSecure || bytes.equalsIgnoringCase("http", in: scheme) else { throw .unsupportedScheme }
        // A URL is the absolute form of a request target; so both are held to the same rules by the same code.
        guard let layout = try? TargetLayout(bytes, in: 0..<end, method: .get), !layout.isIrregular,
            let authority = Authority(bytes, in: layout.authority.offsets),
            let host = bytes.text(in: authority.host.offsets)
        else { throw .malformedURL }
        self.host = host
        port = authority.port ?? (isSecure ? 443 : 80)
        self.authority = bytes.copy(of: layout.authority.offsets)
        let path = layout.path.isEmpty ? [UInt8(ascii: "/")] : bytes.copy(of: layout.path.offsets)
        target = path + (layout.query.map { [UInt8(ascii: "?")] + bytes.copy(of: $0.offsets) } ?? [])
    }

    /// Returns where the scheme lies: a letter, then letters, digits, `+`, `-` and `.` up to the colon (RFC 3986 §3.1).
    private static func scheme(_ bytes: Span<UInt8>) -> Range<Int>? {
        guard let colon = bytes.firstOffset(of: UInt8(ascii: ":"), in: bytes.indices), colon > 0,
            bytes[0].isLetter,
            (0..<colon).allSatisfy({ bytes[$0].isLetter || bytes[$0].isDigit || "+-.".utf8.contains(bytes[$0]) })
        else { return nil }
        return 0..<colon
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
}

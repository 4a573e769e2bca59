// SPDX-License-Identifier: Apache-2.0

/// The URL that stands as `iss` in every token and begins every URL of the metadata (RFC 8414 §2).
package struct Issuer: Hashable, Sendable {
    /// The URL in exactly the code points that were given; verifiers compare it so (RFC 8414 §4).
    package let text: String
    /// Scheme and authority as a browser writes them in `Origin`: lower case, without the scheme's own port.
    package let origin: String
    /// The path without a final slash; empty, or it begins with a slash.
    package let path: String

    /// Reads an `http` or `https` URL without user, query and fragment.
    package init?(_ text: String) {
        guard text.utf8.count <= 512, let (scheme, rest) = splitScheme(text), ["http", "https"].contains(scheme) else {
            return nil
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        guard let authority = Authority(rest[..<slash]), authority.port != 0 else { return nil }
        var path = rest[slash...]
        if path.hasSuffix("/") { path = path.dropLast() }
        guard
            path.isEmpty
                || path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).allSatisfy(isSegment)
        else { return nil }
        self.text = text
        self.path = String(path)
        let port = authority.port.flatMap { $0 == (scheme == "http" ? 80 : 443) ? nil : ":\($0)" } ?? ""
        origin = "\(scheme)://\(authority.host.lowercased())\(port)"
    }

    /// What a path of ours is appended to: the URL without a final slash.
    package var base: String { text.hasSuffix("/") ? String(text.dropLast()) : text }
}

/// Whether `segment` can stand in the path of an issuer: no escapes and no dots alone, so that it has one spelling.
private func isSegment(_ segment: Substring) -> Bool {
    let marks = Array("-._~!$&'()*+,;=:@".utf8)
    return !segment.isEmpty && segment != "." && segment != ".."
        && segment.utf8.allSatisfy { $0.isLetter || $0.isDigit || marks.contains($0) }
}

extension SettingKind<Issuer> {
    /// The URL of an issuer.
    package static let issuer = Self("an http or https URL without user, query and fragment") { Issuer($0) }
}

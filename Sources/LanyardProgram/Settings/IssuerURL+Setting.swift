// SPDX-License-Identifier: Apache-2.0

package import LanyardCore

extension IssuerURL {
    /// Reads an `http` or `https` URL without user, query, fragment and final slash.
    ///
    /// It stays in exactly the code points that were given, for verifiers compare it so (RFC 8414
    /// §4); with a final slash `iss` and the URLs made from it would differ in that.
    package init?(parsing text: String) {
        guard text.utf8.count <= 512, let origin = Self.origin(of: text), let (_, rest) = splitScheme(text) else {
            return nil
        }
        let path = rest[(rest.firstIndex(of: "/") ?? rest.endIndex)...]
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard path.isEmpty || segments.allSatisfy(isSegment), !rest.contains("?"), !rest.contains("#") else {
            return nil
        }
        self.init(text, origin: origin, path: String(path))
    }

    /// Returns the origin of an `http` or `https` URL as a browser writes it (RFC 6454 §6.2).
    package static func origin(of url: String) -> String? {
        guard let (scheme, rest) = splitScheme(url), ["http", "https"].contains(scheme) else { return nil }
        guard let authority = Authority(rest.prefix { !"/?#".contains($0) }), authority.port != 0 else { return nil }
        let port = authority.port.flatMap { $0 == (scheme == "http" ? 80 : 443) ? nil : ":\($0)" } ?? ""
        return "\(scheme)://\(authority.host.lowercased())\(port)"
    }
}

/// Whether `segment` can stand in the path of an issuer: no escapes and no dots alone, so that it
/// has one spelling.
private func isSegment(_ segment: Substring) -> Bool {
    let marks = Array("-._~!$&'()*+,;=:@".utf8)
    return !segment.isEmpty && segment != "." && segment != ".."
        && segment.utf8.allSatisfy { $0.isLetter || $0.isDigit || marks.contains($0) }
}

extension SettingKind<IssuerURL> {
    /// The URL of an issuer.
    package static let issuer = Self("an http or https URL without user, query, fragment and final slash") {
        IssuerURL(parsing: $0)
    }
}

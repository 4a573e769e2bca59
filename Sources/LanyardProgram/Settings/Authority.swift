// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP

/// `host` or `host:port` of a URL (RFC 3986 §3.2), without user information.
struct Authority: Hashable, Sendable {
    /// The host, IPv6 in brackets, as it was written.
    let host: String
    /// The port, if one is written.
    let port: UInt16?

    /// Reads `host`, `host:port`, `[v6]` or `[v6]:port`.
    init?(_ text: Substring) {
        guard let start = text.hasPrefix("[") ? text.firstIndex(of: "]") : text.startIndex else { return nil }
        let hostEnd = text[start...].firstIndex(of: ":") ?? text.endIndex
        let hasPort = hostEnd != text.endIndex
        // What a listener can be bound to is what a host can be.
        guard let address = try? ListenAddress(hasPort ? String(text) : "\(text):0"), let found = address.port else {
            return nil
        }
        host = String(text[..<hostEnd])
        port = hasPort ? found : nil
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The parts of the issuer's URL that routes and rules need.
///
/// The URL itself was checked with the settings.
struct IssuerURL: Equatable, Sendable {
    /// Scheme, host and port: what a browser sends as `Origin` for the issuer's own pages.
    let origin: [UInt8]
    /// The path without a trailing slash; empty for most.
    let path: String

    init(_ url: String) {
        let afterScheme = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let slash = afterScheme.firstIndex(of: "/") ?? url.endIndex
        origin = Array(url[..<slash].utf8)
        var path = url[slash...]
        while path.last == "/" { path.removeLast() }
        self.path = String(path)
    }
}

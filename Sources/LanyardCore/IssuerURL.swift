// SPDX-License-Identifier: Apache-2.0

/// The URL of the service as its clients know it; it was checked with the settings.
package struct IssuerURL: Equatable, Sendable {
    /// The `iss` of tokens and the base of every URL in metadata, without a trailing slash.
    package var text: String
    /// Scheme, host and port as a browser sends them in `Origin` for the issuer's own pages.
    package var origin: String
    /// The path without a trailing slash; empty for most.
    package var path: String

    /// Creates the URL from its parts.
    package init(_ text: String, origin: String, path: String) {
        self.text = text
        self.origin = origin
        self.path = path
    }
}

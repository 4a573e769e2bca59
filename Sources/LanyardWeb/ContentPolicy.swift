// SPDX-License-Identifier: Apache-2.0

package import LanyardHTTP

/// What a browser may do with an answer that it shows as a page (Content Security Policy Level 3).
package enum ContentPolicy: Sendable {
    /// Nothing: answers are for programs.
    case data
    /// Run and show what this server gives, and ask this server; no script of the page's own text, and no other host.
    case page

    /// The field lines that say so.
    package var fields: [Response.Field] {
        switch self {
        case .data:
            [Response.Field(Self.fieldName, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'")]
        case .page:
            [
                Response.Field(Self.fieldName, Self.pageDirectives.joined(separator: "; ")),
                Response.Field("Cross-Origin-Opener-Policy", "same-origin"),
                Response.Field("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
            ]
        }
    }

    static let fieldName = "Content-Security-Policy"

    private static let pageDirectives = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'",
        // The icon, which has no file of its own.
        "img-src data:",
        "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        // No text becomes a script or an element, whatever the page does with it.
        "trusted-types 'none'", "require-trusted-types-for 'script'",
    ]
}

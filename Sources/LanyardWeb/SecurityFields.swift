// SPDX-License-Identifier: Apache-2.0

package import LanyardHTTP

/// Field lines that every answer carries, whatever it is (OWASP REST Security and HTTP Headers cheat sheets).
package enum SecurityFields {
    /// Keeps browsers from guessing types, framing answers, and telling addresses on.
    package static let always: [Response.Field] =
        [
            Response.Field("X-Content-Type-Options", "nosniff"),
            Response.Field("Referrer-Policy", "no-referrer"),
            Response.Field("X-Frame-Options", "DENY"),
        ] + ContentPolicy.data.fields

    /// The same, and for two years no way to this host without TLS (RFC 6797 §6.1); hosts below it are not ours to speak for.
    package static let underTLS =
        always + [Response.Field("Strict-Transport-Security", "max-age=63072000")]

    /// The same lines for an answer of another policy.
    package static func fields(_ always: [Response.Field], for policy: ContentPolicy) -> [Response.Field] {
        always.filter { $0.name != ContentPolicy.fieldName } + policy.fields
    }
}

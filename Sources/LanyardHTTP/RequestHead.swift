// SPDX-License-Identifier: Apache-2.0

/// The request line and field lines of a request, after every check that needs no route.
package struct RequestHead: Equatable, Sendable {
    /// The method.
    package var method: Method
    /// Where the request goes.
    package var target: RequestTarget
    /// The minor version of HTTP/1: 0, or 1 for everything from 1.1 to 1.9 (RFC 9110 §2.5).
    package var minorVersion: UInt8
    /// The field lines in the order they came, names in lower case.
    package var fields: [Field]
    /// The `host[:port]` of an absolute-form target, which then counts instead of `Host` (RFC 9112 §3.2.2); else `nil`.
    package var authority: [UInt8]?

    /// Creates a head.
    package init(method: Method, target: RequestTarget, minorVersion: UInt8, fields: [Field]) {
        self.method = method
        self.target = target
        self.minorVersion = minorVersion
        self.fields = fields
    }

    /// One field line (RFC 9112 §5).
    package struct Field: Equatable, Sendable {
        /// The name in lower case; field names are ASCII tokens and compared without case (RFC 9110 §5.1).
        package var name: String
        /// The value without surrounding blanks, as it came.
        package var value: [UInt8]

        /// Creates a field line.
        package init(name: String, value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }

    /// Returns the value of the one line named `name` (in lower case), or `nil` if there is none or more than one.
    package func value(of name: String) -> [UInt8]? {
        let lines = fields.lazy.filter { $0.name == name }
        guard let first = lines.first, lines.dropFirst().isEmpty else { return nil }
        return first.value
    }

    /// Returns the values of all lines named `name` (in lower case), in their order.
    package func values(of name: String) -> [[UInt8]] {
        fields.filter { $0.name == name }.map(\.value)
    }
}

/// The target of a request (RFC 9112 §3.2), without the authority, which plays no part in routing.
package enum RequestTarget: Equatable, Sendable {
    /// A path that begins with `/`, percent-decoded once as UTF-8, and the raw bytes after `?`, or `nil`.
    ///
    /// No segment is `.` or `..`, none but the last is empty, and none held an encoded slash. Compare paths by their UTF-8: `==` of
    /// strings takes U+212A for `K`. Escapes in the query are whole, decode to UTF-8, and hide no CR, LF or NUL.
    case path(String, query: [UInt8]?)
    /// A path that is well-formed and that no route of its own may take: one with a dot segment, `//` or an encoded slash,
    /// percent-decoded once. Nothing may be found by it but what answers everything below a path alike.
    case unroutable(String, query: [UInt8]?)
    /// A path and a query of which at least one has a character or an escape that a URI may not have, or that is not UTF-8; the path is
    /// percent-decoded as far as it goes. Refused unless the handler accepts anything for it.
    case irregular(String, query: [UInt8]?)
    /// `*`, of `OPTIONS *` (RFC 9112 §3.2.4).
    case asterisk
    /// `host:port`, of `CONNECT` (RFC 9112 §3.2.3).
    case authority
}

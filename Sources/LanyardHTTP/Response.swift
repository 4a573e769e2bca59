// SPDX-License-Identifier: Apache-2.0

/// An answer to a request, before the server adds what is its own.
///
/// The server writes `Date`, `Content-Length`, `Connection` and `X-Request-Id`; none of them may be among `fields`.
package struct Response: Equatable, Sendable {
    /// The status code, 200 to 599.
    package var status: Int
    /// Further field lines, names as they are to be written, values without CR, LF and NUL.
    package var fields: [Field]
    /// The content; empty for 204 and 304.
    ///
    /// An answer to `HEAD` carries the content that `GET` would have, and the server leaves it out.
    package var body: [UInt8]
    /// Learns how the exchange ended; never sent, and not compared.
    package var report: (any ExchangeReport)?

    /// Creates a response.
    package init(status: Int, fields: [Field] = [], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    package static func == (left: Response, right: Response) -> Bool {
        left.status == right.status && left.fields == right.fields && left.body == right.body
    }

    /// One field line of an answer.
    package struct Field: Equatable, Sendable {
        /// The name, in the spelling that is written.
        package var name: String
        /// The value.
        package var value: String

        /// Creates a field line.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// An answer that ``Client`` received.
package struct ClientResponse: Equatable, Sendable {
    /// One field line; the name in lower case.
    package typealias Field = RequestHead.Field

    /// The status code, 200 to 599.
    package var status: Int
    /// The field lines in the order they came.
    package var fields: [Field]
    /// The content, chunks already joined.
    package var body: [UInt8]

    /// Creates an answer.
    package init(status: Int, fields: [Field], body: [UInt8]) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// Returns the value of the one line named `name` (in lower case), or `nil` if there is none or more than one.
    package func value(of name: String) -> [UInt8]? {
        let lines = fields.filter { $0.name == name }
        return lines.count == 1 ? lines[0].value : nil
    }
}

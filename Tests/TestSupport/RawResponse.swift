// SPDX-License-Identifier: Apache-2.0

/// An answer as it came.
package struct RawResponse: Equatable {
    /// The status code.
    package var status: Int
    /// The field lines, without CRLF.
    package var lines: [String]
    /// The content.
    package var body: [UInt8] = []

    /// Creates an answer from a status line and field lines, each with its CRLF, and the empty line.
    package init?(head: ArraySlice<UInt8>) {
        let text = String(decoding: head, as: UTF8.self)
        // "\r\n" is one Character, so the text is cut by it as one.
        let all = text.split(separator: "\r\n", omittingEmptySubsequences: true).map(String.init)
        guard let first = all.first, first.hasPrefix("HTTP/1.1 "), let status = Int(first.dropFirst(9).prefix(3)) else {
            return nil
        }
        self.status = status
        lines = Array(all.dropFirst())
    }

    /// The content as text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of the first field named `name`, in lower case, or `nil`.
    package subscript(name: String) -> String? {
        for line in lines where line.lowercased().hasPrefix(name + ":") {
            return String(line.dropFirst(name.count + 1).drop { $0 == " " })
        }
        return nil
    }

    /// Whether the server says that it closes the connection.
    package var closes: Bool { self["connection"] == "close" }
}

// SPDX-License-Identifier: Apache-2.0

/// One answer of the server, read by rules of its own rather than by the server's code.
struct Reply: Sendable {
    let status: Int
    /// The field lines in their order, names in lower case.
    let fields: [Field]
    let body: [UInt8]

    /// One field line.
    struct Field: Equatable, Sendable, CustomStringConvertible {
        let name: String
        let value: String

        var description: String { "\(name): \(value)" }
    }

    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The values of all lines with a name, given in lower case.
    func values(of name: String) -> [String] {
        fields.filter { $0.name == name }.map(\.value)
    }

    /// The value of the one line with a name; `nil` if there is none or more than one.
    subscript(name: String) -> String? {
        let values = values(of: name)
        return values.count == 1 ? values[0] : nil
    }

    /// The members of a list field, without blanks.
    func list(of name: String) -> Set<String> {
        Set(values(of: name).flatMap { $0.split(separator: ",") }.map { $0.trimmingBlanks() })
    }

    /// Parses the answer at the start of `bytes`; `nil` if it is not yet whole.
    static func parse(_ bytes: [UInt8], toHead: Bool) throws -> (Reply, length: Int)? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        // Unicode takes CR LF for one character, so lines are split as bytes.
        let lines = bytes[..<end.lowerBound].split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
        }
        let start = lines[0].split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard start.count == 3, start[0] == "HTTP/1.1", let status = Int(start[1]) else {
            throw Failure("not a status line: \(lines[0])")
        }
        let fields = try lines.dropFirst().map { line in
            guard let colon = line.firstIndex(of: ":") else { throw Failure("not a field line: \(line)") }
            return Field(
                name: line[..<colon].lowercased(), value: line[line.index(after: colon)...].trimmingBlanks())
        }
        let head = Reply(status: status, fields: fields, body: [])
        if status < 200 {
            return try parse(Array(bytes[end.upperBound...]), toHead: toHead).map { ($0, end.upperBound + $1) }
        }
        guard !toHead, status != 204, status != 304 else { return (head, end.upperBound) }
        guard let length = head["content-length"].flatMap({ Int($0) }) else {
            throw Failure("no single Content-Length: \(fields)")
        }
        guard bytes.count >= end.upperBound + length else { return nil }
        let body = Array(bytes[end.upperBound..<end.upperBound + length])
        return (Reply(status: status, fields: fields, body: body), end.upperBound + length)
    }
}

extension StringProtocol {
    /// The text without blanks and tabs around it.
    fileprivate func trimmingBlanks() -> String {
        var text = self[...]
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}

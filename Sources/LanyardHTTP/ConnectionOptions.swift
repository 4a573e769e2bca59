// SPDX-License-Identifier: Apache-2.0

/// The options of `Connection` that decide whether the connection goes on (RFC 9110 §7.6.1).
struct ConnectionOptions: OptionSet, Sendable {
    let rawValue: UInt8

    static let close = ConnectionOptions(rawValue: 1)
    static let keepAlive = ConnectionOptions(rawValue: 2)

    /// Adds the options that a value of `Connection` lists; options are compared without case, unknown ones are skipped.
    mutating func read(_ bytes: Span<UInt8>, in range: Range<Int>) {
        var start = range.lowerBound
        while start < range.upperBound {
            let end = bytes.firstOffset(of: UInt8(ascii: ","), in: start..<range.upperBound) ?? range.upperBound
            let option = bytes.trimmed(start..<end)
            if bytes.equalsIgnoringCase("close", in: option) { insert(.close) }
            if bytes.equalsIgnoringCase("keep-alive", in: option) { insert(.keepAlive) }
            start = end + 1
        }
    }

    /// Whether the connection goes on after a message of HTTP/1 with this minor version (RFC 9112 §9.3).
    func keepsAlive(minorVersion: UInt8) -> Bool {
        !contains(.close) && (minorVersion > 0 || contains(.keepAlive))
    }
}

extension RequestHead {
    /// Whether the client wants the connection to go on: 1.1 unless it says `close`, 1.0 only if it says `keep-alive`.
    ///
    /// Source: RFC 9112 §9.3.
    package var keepsAlive: Bool {
        var options: ConnectionOptions = []
        for field in fields where field.name == "connection" {
            options.read(field.value.span, in: field.value.indices)
        }
        return options.keepsAlive(minorVersion: minorVersion)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// Version 1 of the PROXY header (§2.1): one line of words with one space between two.
struct ProxyLine {
    /// The most bytes of a line, its CRLF included.
    private static let maximumBytes = 107

    private var index = 0

    /// Reads the line that `bytes` begin with.
    static func read(_ bytes: Span<UInt8>) throws(ProxyHeader.Stop) -> ProxyHeader.Reading {
        let bytes = bytes.extracting(first: min(bytes.count, maximumBytes))
        var line = Self()
        do throws(ProxyHeader.Stop) {
            let source = try line.source(in: bytes)
            return .header(source: source, length: line.index)
        } catch {
            throw bytes.count < maximumBytes ? error : .malformed
        }
    }

    private mutating func source(in bytes: Span<UInt8>) throws(ProxyHeader.Stop) -> PeerAddress? {
        try skip("PROXY ", in: bytes)
        if try peek(in: bytes) == UInt8(ascii: "U") {
            try skipUnknown(in: bytes)
            return nil
        }
        try skip("TCP", in: bytes)
        let isVersion6 = try peek(in: bytes) == UInt8(ascii: "6")
        try skip(isVersion6 ? "6 " : "4 ", in: bytes)
        let source = try address(isVersion6: isVersion6, in: bytes)
        _ = try address(isVersion6: isVersion6, in: bytes)
        try skipPort(before: .space, in: bytes)
        try skipPort(before: .carriageReturn, in: bytes)
        try skip("\n", in: bytes)
        return .ip(source)
    }

    /// Skips what a proxy says that cannot name the client: anything up to the CRLF.
    private mutating func skipUnknown(in bytes: Span<UInt8>) throws(ProxyHeader.Stop) {
        try skip("UNKNOWN", in: bytes)
        if try peek(in: bytes) == .space {
            while try peek(in: bytes) != .carriageReturn {
                // A line that somebody ends with a bare LF could be longer for us than for them.
                guard bytes[index] != .lineFeed else { throw .malformed }
                index += 1
            }
        }
        try skip("\r\n", in: bytes)
    }

    private mutating func address(
        isVersion6: Bool, in bytes: Span<UInt8>
    ) throws(ProxyHeader.Stop) -> IPAddress {
        let parse = { (text: String) in
            text.utf8.contains(UInt8(ascii: ":")) == isVersion6 ? IPAddress(text) : nil
        }
        return try word(before: .space, endings: Self.addressEndings, in: bytes, parse)
    }

    private mutating func skipPort(before end: UInt8, in bytes: Span<UInt8>) throws(ProxyHeader.Stop) {
        _ = try word(before: end, endings: ["", "0"], in: bytes, Self.port)
    }

    /// Returns what the bytes up to `end` mean, and steps behind it.
    ///
    /// A word whose end has not come may still become one as long as one of `endings` makes it one.
    private mutating func word<Value>(
        before end: UInt8, endings: [String], in bytes: Span<UInt8>, _ parse: (String) -> Value?
    ) throws(ProxyHeader.Stop) -> Value {
        let offset = bytes.firstOffset(of: end, in: index..<bytes.count)
        guard let text = bytes.text(in: index..<(offset ?? bytes.count)) else { throw .malformed }
        guard let offset else { throw endings.contains { parse(text + $0) != nil } ? .needMore : .malformed }
        guard let value = parse(text) else { throw .malformed }
        index = offset + 1
        return value
    }

    /// A decimal number without leading zeros.
    private static func port(_ text: String) -> UInt16? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit) else { return nil }
        return text.utf8.count > 1 && text.utf8.first == UInt8(ascii: "0") ? nil : UInt16(text)
    }

    private mutating func skip(_ text: String, in bytes: Span<UInt8>) throws(ProxyHeader.Stop) {
        for expected in text.utf8 {
            guard try peek(in: bytes) == expected else { throw .malformed }
            index += 1
        }
    }

    private func peek(in bytes: Span<UInt8>) throws(ProxyHeader.Stop) -> UInt8 {
        guard index < bytes.count else { throw .needMore }
        return bytes[index]
    }

    /// Whatever an address begins with, one of these ends it.
    private static let addressEndings = ["", "0", ":", "::", ".0", "0.0", ".0.0", "0.0.0", ".0.0.0", "0.0.0.0"]
}

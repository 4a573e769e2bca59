// SPDX-License-Identifier: Apache-2.0

/// A list of strings in one column: a JSON array, as SQLite's own JSON functions read it.
package enum TextList {
    /// Returns the list as JSON, in the one form that ``decode(_:)`` reads.
    package static func encode(_ texts: [String]) -> String {
        var json: [UInt8] = [UInt8(ascii: "[")]
        for (index, text) in texts.enumerated() {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            json.append(quote)
            for byte in text.utf8 {
                switch byte {
                case quote, backslash: json += [backslash, byte]
                case 0x00..<0x20: json += "\\u00".utf8 + [digit(byte >> 4), digit(byte & 0x0F)]
                default: json.append(byte)
                }
            }
            json.append(quote)
        }
        json.append(UInt8(ascii: "]"))
        return String(decoding: json, as: UTF8.self)
    }

    /// Returns the strings of a list that ``encode(_:)`` has written; `nil` for anything else.
    package static func decode(_ json: String) -> [String]? {
        var rest = Array(json.utf8)[...]
        guard rest.popFirst() == UInt8(ascii: "[") else { return nil }
        var texts: [String] = []
        if rest.first == UInt8(ascii: "]") {
            rest.removeFirst()
        } else {
            var separator: UInt8? = UInt8(ascii: ",")
            while separator == UInt8(ascii: ",") {
                guard let text = string(from: &rest) else { return nil }
                texts.append(text)
                separator = rest.popFirst()
            }
            guard separator == UInt8(ascii: "]") else { return nil }
        }
        return rest.isEmpty ? texts : nil
    }

    private static func string(from rest: inout ArraySlice<UInt8>) -> String? {
        guard rest.popFirst() == quote else { return nil }
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case quote: return String(validating: bytes, as: UTF8.self)
            case 0x00..<0x20: return nil
            case backslash:
                guard let escaped = escapedByte(from: &rest) else { return nil }
                bytes.append(escaped)
            default: bytes.append(byte)
            }
        }
        return nil
    }

    private static func escapedByte(from rest: inout ArraySlice<UInt8>) -> UInt8? {
        guard let kind = rest.popFirst() else { return nil }
        if kind == quote || kind == backslash { return kind }
        let digits = rest.prefix(4)
        guard kind == UInt8(ascii: "u"), digits.count == 4, digits.prefix(2).elementsEqual("00".utf8) else {
            return nil
        }
        rest.removeFirst(4)
        guard let high = digits.dropFirst(2).first.flatMap(value), let low = digits.last.flatMap(value), high < 2
        else { return nil }
        return high << 4 | low
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
}

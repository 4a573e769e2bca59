// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// The parameters of a form or of a query: `application/x-www-form-urlencoded`, read strictly.
///
/// Names and values are UTF-8 and compared byte by byte. `a` and `a=` are both present and empty; what that means is for
/// the caller to say. `&&` is nothing.
///
/// Source: URL Standard, application/x-www-form-urlencoded parsing, without its repairs; RFC 6749 appendix B.
package struct FormParameters: Equatable, Sendable {
    private struct Parameter: Equatable, Sendable {
        let name: String
        let value: String

        static func == (left: Self, right: Self) -> Bool {
            left.name.hasSameBytes(as: right.name) && left.value.hasSameBytes(as: right.value)
        }
    }

    private var parameters: [Parameter] = []

    /// Reads parameters.
    ///
    /// - Parameters:
    ///   - bytes: A body, or a query without its `?`. Bytes above 0x7F may stand unescaped, and so may blanks.
    ///   - repeatable: Names that may occur more than once.
    ///   - maximumCount: How many parameters are read before all of them are refused.
    /// - Throws: ``FormError``.
    package init(parsing bytes: [UInt8], repeatable: [String] = [], maximumCount: Int = 64) throws(FormError) {
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "&")) ?? bytes.count
            defer { start = end + 1 }
            guard start < end else { continue }
            guard parameters.count < maximumCount else { throw .tooManyParameters(limit: maximumCount) }
            let parameter = try Self.parameter(bytes[start..<end])
            let isRepeatable = repeatable.contains { $0.hasSameBytes(as: parameter.name) }
            guard isRepeatable || self[parameter.name] == nil else { throw .duplicateParameter(offset: start) }
            parameters.append(parameter)
        }
    }

    /// The value of the first parameter with this name; `nil` where there is none.
    package subscript(name: String) -> String? {
        parameters.first { $0.name.hasSameBytes(as: name) }?.value
    }

    /// Returns the values of all parameters with this name, in their order.
    package func values(of name: String) -> [String] {
        parameters.filter { $0.name.hasSameBytes(as: name) }.map(\.value)
    }

    /// The names in their order, a repeated one as often as it occurs.
    package var names: [String] { parameters.map(\.name) }

    /// Returns the text that stands in a form as `bytes`, a name or a value.
    ///
    /// RFC 6749 §2.3.1 encodes the two parts of Basic credentials so.
    package static func decode(_ bytes: ArraySlice<UInt8>) throws(FormError) -> String { try text(bytes) }

    private static func parameter(_ bytes: ArraySlice<UInt8>) throws(FormError) -> Parameter {
        let sign = bytes.firstIndex(of: UInt8(ascii: "=")) ?? bytes.endIndex
        let name = try text(bytes[..<sign])
        let value = try text(bytes[sign...].dropFirst())
        return Parameter(name: name, value: value)
    }

    /// Returns the text of a name or a value: `+` is a blank, `%` and two digits a byte.
    private static func text(_ bytes: ArraySlice<UInt8>) throws(FormError) -> String {
        var decoded: [UInt8] = []
        defer { wipe(&decoded) }  // It may be a password.
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "+"):
                decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard index + 2 < bytes.endIndex, let high = hexadecimalValue(bytes[index + 1]),
                    let low = hexadecimalValue(bytes[index + 2])
                else { throw .invalidEscape(offset: index) }
                decoded.append(high << 4 | low)
                index += 2
            case 0x00..<0x20, 0x7F:
                throw .controlCharacter(offset: index)
            default:
                decoded.append(bytes[index])
            }
            index += 1
        }
        guard let text = String(validating: decoded, as: UTF8.self) else {
            throw .invalidUTF8(offset: bytes.startIndex)
        }
        return text
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding

/// `Authorization: Basic` as OAuth writes it: name and secret encoded as in a form, then RFC 7617 (RFC 6749 §2.3.1).
package struct BasicField {
    package let id: String
    package let secret: String

    package init?(_ value: [UInt8]) {
        let scheme = value.prefix { $0 != UInt8(ascii: " ") }
        // RFC 9110 §11.1: the name of a scheme is compared without case.
        guard String(decoding: scheme, as: UTF8.self).lowercased() == "basic",
            let text = Self.decode(value.dropFirst(scheme.count).drop { $0 == UInt8(ascii: " ") }),
            // The last colon: a name may have some and a secret has none, so that it does not matter if a client leaves out
            // the encoding, as many do.
            let colon = text.lastIndex(of: UInt8(ascii: ":")),
            let id = try? FormParameters.decode(text[..<colon]),
            let secret = try? FormParameters.decode(text[(colon + 1)...])
        else { return nil }
        self.id = id
        self.secret = secret
    }

    /// Reads base64 with its padding (RFC 4648 §4).
    private static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var symbols = text.prefix { $0 != UInt8(ascii: "=") }
        let padding = text.dropFirst(symbols.count)
        guard padding.count <= 2, padding.allSatisfy({ $0 == UInt8(ascii: "=") }), text.count % 4 == 0 else {
            return nil
        }
        for index in symbols.indices {
            switch symbols[index] {
            case UInt8(ascii: "+"): symbols[index] = UInt8(ascii: "-")
            case UInt8(ascii: "/"): symbols[index] = UInt8(ascii: "_")
            case UInt8(ascii: "-"), UInt8(ascii: "_"): return nil
            default: break
            }
        }
        return try? Base64URL.decode(Array(symbols))
    }
}

// SPDX-License-Identifier: Apache-2.0

extension StringProtocol {
    /// The text with every control character written as `\n`, `\t` or `\u001b`, and everything else as it is.
    ///
    /// Besides C0, C1 and DEL that is what moves a reader's eye elsewhere: line and paragraph separators, and the
    /// characters that turn the direction of text (Unicode TR 36 §3.2).
    package var escapingControls: String { escaping { $0.isControl } }

    /// The text with each control character above U+0020 written so, for JSON, which escapes the others itself.
    package var escapingHighControls: String { escaping { $0.isControl && $0.value > 0x20 } }

    private func escaping(_ isEscaped: (Unicode.Scalar) -> Bool) -> String {
        guard unicodeScalars.contains(where: isEscaped) else { return String(self) }
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case _ where !isEscaped(scalar): text.unicodeScalars.append(scalar)
            case "\n": text += #"\n"#
            case "\r": text += #"\r"#
            case "\t": text += #"\t"#
            default:
                let digits = String(scalar.value, radix: 16)
                text += #"\u"# + String(repeating: "0", count: Swift.max(0, 4 - digits.count)) + digits
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// Whether the character controls a terminal or the layout of a line instead of standing in it.
    package var isControl: Bool {
        switch value {
        case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}

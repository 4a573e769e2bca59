// SPDX-License-Identifier: Apache-2.0

extension StringProtocol {
    /// The text without blanks and tabs at both ends.
    package var trimmingBlanks: String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var rest = self[...]
        while let first = rest.first, isBlank(first) { rest = rest.dropFirst() }
        while let last = rest.last, isBlank(last) { rest = rest.dropLast() }
        return String(rest)
    }

    /// The text without blanks and tabs at both ends, and without line endings at its end.
    ///
    /// Shells and container files easily add one to the value of a variable.
    package var trimmingBlanksAndLineEnds: String {
        var rest = String(self).unicodeScalars[...]
        while let last = rest.last, [" ", "\t", "\r", "\n"].contains(last) { rest = rest.dropLast() }
        return String(rest).trimmingBlanks
    }
}

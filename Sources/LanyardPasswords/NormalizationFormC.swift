// SPDX-License-Identifier: Apache-2.0

@_spi(_Unicode) import Swift

extension String {
    /// The string in Unicode's Normalization Form C (UAX #15), by the tables of the standard library.
    ///
    /// The form of a string of assigned code points never changes with a later Unicode version; that of one with
    /// unassigned code points may, which is why names and new passwords refuse them.
    package var normalizedC: String {
        guard !utf8.allSatisfy({ $0 < 0x80 }) else { return self }  // ASCII is in every form.
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: _nfc)
        return String(scalars)
    }

    /// The form that names and listed passwords are compared in: NFC(lowercased(NFC(self))), with one sigma.
    ///
    /// Σ has two lower-case letters, by its place in the word (SpecialCasing.txt, `Final_Sigma`); they count as one, as in
    /// CaseFolding.txt, or "ΝΙΚΟΣ" and "νικος" would be two. Other letters keep the lower case that Unicode
    /// gives them in no particular language: the Turkish dotless ı is not i.
    package var caselessKey: String {
        guard !utf8.allSatisfy({ $0 < 0x80 }) else { return lowercased() }
        var scalars = normalizedC.lowercased().unicodeScalars
        if scalars.contains("ς") {
            scalars = String.UnicodeScalarView(scalars.map { $0 == "ς" ? "σ" : $0 })
        }
        return String(scalars).normalizedC
    }
}

extension Unicode.Scalar {
    /// Whether this code point is a control character, or none that Unicode had assigned when this was built.
    ///
    /// The general categories Cc and Cn; a string holds no surrogates. RFC 8265 §4.2.2 refuses both in passwords.
    var isControlOrUnassigned: Bool {
        switch properties.generalCategory {
        case .control, .unassigned: true
        default: false
        }
    }
}

/// The most code points that one code point of a string in NFC can have come from.
///
/// No canonical decomposition in the Unicode Character Database is longer.
let longestCanonicalDecomposition = 4

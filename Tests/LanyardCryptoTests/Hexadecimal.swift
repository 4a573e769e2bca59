// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Reads hexadecimal digits, two a byte; blanks and line ends between them are left out.
    init(hexadecimal text: String) {
        let digits = text.compactMap(\.hexDigitValue)
        precondition(digits.count.isMultiple(of: 2), "an odd number of digits")
        self = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}

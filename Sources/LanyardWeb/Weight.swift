// SPDX-License-Identifier: Apache-2.0

/// A weight in content negotiation, in thousandths (RFC 9110 §12.4.2).
struct Weight: Comparable {
    let thousandths: UInt16

    /// What is refused.
    package static let none = Self(thousandths: 0)
    /// What has no weight of its own.
    package static let full = Self(thousandths: 1_000)

    private init(thousandths: UInt16) {
        self.thousandths = thousandths
    }

    /// Reads `q=0.5`; `nil` if `parameter` is not a weight by its grammar.
    package init?(_ parameter: Span<UInt8>) {
        guard (3...7).contains(parameter.count), parameter[0] | 0x20 == UInt8(ascii: "q"),
            parameter[1] == UInt8(ascii: "="), parameter.count == 3 || parameter[3] == UInt8(ascii: ".")
        else { return nil }
        var thousandths: UInt16 = 0
        var unit: UInt16 = 1_000
        for index in parameter.indices where index == 2 || index > 3 {
            let digit = parameter[index] &- 0x30
            guard digit < 10 else { return nil }
            thousandths += UInt16(digit) * unit
            unit /= 10
        }
        guard thousandths <= 1_000 else { return nil }
        self.thousandths = thousandths
    }

    static func < (left: Self, right: Self) -> Bool { left.thousandths < right.thousandths }
}

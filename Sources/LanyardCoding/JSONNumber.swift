// SPDX-License-Identifier: Apache-2.0

/// A JSON number, kept so that writing it gives what was read (RFC 8259 §6).
package struct JSONNumber: Hashable, Sendable {
    private enum Form: Hashable, Sendable {
        case integer(Int64)
        /// A literal of the grammar whose value is finite; everything that `integer` would not give back as it was.
        case literal(String)
    }

    /// Bytes of the longest literal that is read; 128.
    package static let maximumBytes = 128

    private let form: Form

    /// Creates an integer.
    package init(_ integer: Int64) {
        form = .integer(integer)
    }

    /// Creates a number from a finite value, in the shortest form that gives the value back; `nil` for infinities and NaN.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        form = .literal(value.description)
    }

    /// Creates a number from a literal that the reader found to follow the grammar; `nil` if its value is not finite.
    init?(literal: String) {
        guard let value = Double(literal), value.isFinite else { return nil }
        form = .literal(literal)
    }

    /// The number if it was written as an integer that `Int64` holds; `nil` for `1.0`, `1e3` and `-0`.
    package var integer: Int64? {
        guard case .integer(let integer) = form else { return nil }
        return integer
    }

    /// The nearest `Double`, always finite.
    package var double: Double {
        switch form {
        case .integer(let integer): Double(integer)
        case .literal(let literal): Double(literal) ?? 0  // Never 0: both initializers have converted it.
        }
    }

    /// The number as it is written in JSON.
    package var text: String {
        switch form {
        case .integer(let integer): String(integer)
        case .literal(let literal): literal
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

package import LanyardCoding

/// The value of a claim.
///
/// ```swift
/// let tenant = token[claim: "tenant"]?["id"]?.string
/// ```
public struct ClaimValue: Equatable, Sendable {
    private let value: JSONValue

    /// Creates a claim from JSON.
    package init(_ value: JSONValue) {
        self.value = value
    }

    /// Whether this is `null`.
    public var isNull: Bool { value == .null }

    /// The truth value, if this is one.
    public var boolean: Bool? { value.boolean }

    /// The integer, if this is one that was written without fraction and exponent and that `Int64` holds.
    public var integer: Int64? { value.integer }

    /// The number as the nearest `Double`, if this is a number.
    public var double: Double? { value.number?.double }

    /// The text, if this is one.
    public var string: String? { value.string }

    /// The texts, if this is an array of nothing but texts.
    public var strings: [String]? { value.strings }

    /// The elements, if this is an array.
    public var elements: [ClaimValue]? { value.array?.map(ClaimValue.init) }

    /// The names of the members in their order, if this is an object.
    public var names: [String]? { value.object?.members.map(\.name) }

    /// The value of a member, if this is an object that has one with this name, byte by byte.
    public subscript(name: String) -> ClaimValue? { value.object?[name].map(ClaimValue.init) }

    /// The value as compact JSON, numbers as they were written.
    public var json: String { value.text }
}

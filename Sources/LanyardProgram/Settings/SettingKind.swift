// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// What the value of a setting may be: the check, the type that comes of it, and the words for both.
package struct SettingKind<Value: Sendable>: Sendable {
    /// What is allowed, to follow "use ".
    package let allowed: String
    /// Returns the value that a text stands for, or `nil` if it is not allowed.
    package let parse: @Sendable (String) -> Value?
    /// Returns what to use instead of a text that is not allowed, if more can be said than ``allowed``.
    package let hint: @Sendable (String) -> String?

    /// Creates a kind.
    package init(
        _ allowed: String, hint: @escaping @Sendable (String) -> String? = { _ in nil },
        parse: @escaping @Sendable (String) -> Value?
    ) {
        self.allowed = allowed
        self.hint = hint
        self.parse = parse
    }
}

extension SettingKind<Int> {
    /// A whole number in decimal digits.
    package static func integer(_ range: ClosedRange<Int>) -> Self {
        Self("a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            guard let number = decimal(text.utf8[...]), range.contains(number) else { return nil }
            return number
        }
    }

    /// One of a few numbers.
    package static func oneOf(_ numbers: Int...) -> Self {
        Self(alternatives(numbers.map { "\($0)" })) { text in numbers.first { "\($0)" == text } }
    }

    /// A size in bytes, written as one number and one unit; the range too.
    package static func size(_ lowest: String, _ highest: String) -> Self {
        guard let low = bytes(lowest), let high = bytes(highest) else {
            preconditionFailure("The range of a size is written like a size.")
        }
        return Self("a size from \(lowest) to \(highest): one number and one unit, KiB, MiB or GiB") { text in
            guard let size = bytes(text), (low...high).contains(size) else { return nil }
            return size
        }
    }
}

extension SettingKind<Bool> {
    /// `true` or `false`.
    package static let boolean = Self("true or false") { text in
        switch text {
        case "true": true
        case "false": false
        default: nil
        }
    }
}

extension SettingKind<Duration> {
    /// A duration, written as one number and one unit; the range too.
    package static func duration(_ lowest: String, _ highest: String) -> Self {
        guard let low = seconds(lowest), let high = seconds(highest) else {
            preconditionFailure("The range of a duration is written like a duration.")
        }
        return Self("a duration from \(lowest) to \(highest): one number and one unit, s, m, h or d") { text in
            guard let count = seconds(text), (low...high).contains(count) else { return nil }
            return .seconds(count)
        }
    }

    /// A duration in a range, or 0.
    package static func durationOrZero(_ lowest: String, _ highest: String) -> Self {
        let range = duration(lowest, highest)
        return Self("0, or \(range.allowed)") { text in
            seconds(text) == 0 ? .zero : range.parse(text)
        }
    }
}

extension SettingKind where Value: RawRepresentable<String> & CaseIterable {
    /// One of the words of an enumeration, in its spelling.
    package static var word: Self {
        Self(alternatives(Value.allCases.map(\.rawValue))) { Value(rawValue: $0) }
    }
}

extension SettingKind {
    /// A list with commas between its elements, blanks around them, and at least one of them.
    package static func list<Element>(of kind: SettingKind<Element>) -> Self where Value == [Element] {
        Self("\(kind.allowed); several with commas between them") { text in
            var elements: [Element] = []
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard let element = kind.parse(part.trimmingBlanks) else { return nil }
                elements.append(element)
            }
            return elements
        }
    }
}

/// Joins words to `a, b or c`.
private func alternatives(_ words: [String]) -> String {
    words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
}

/// Reads `10s`, `15m`, `24h`, `30d` or `0`.
private func seconds(_ text: String) -> Int? {
    if text == "0" { return 0 }
    let factor: Int
    switch text.utf8.last {
    case UInt8(ascii: "s"): factor = 1
    case UInt8(ascii: "m"): factor = 60
    case UInt8(ascii: "h"): factor = 3_600
    case UInt8(ascii: "d"): factor = 86_400
    default: return nil
    }
    return decimal(text.utf8.dropLast()).map { $0 * factor }
}

/// Reads `19MiB`.
private func bytes(_ text: String) -> Int? {
    for (unit, factor) in [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)] where text.hasSuffix(unit) {
        return decimal(text.utf8.dropLast(3)).map { $0 * factor }
    }
    return nil
}

/// Reads one to nine digits: no sign, no blank, and never a number whose product with a unit could overflow.
private func decimal(_ text: Substring.UTF8View) -> Int? {
    guard (1...9).contains(text.count), text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
}

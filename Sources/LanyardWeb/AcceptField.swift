// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardHTTP

/// What a client would like to be answered with (RFC 9110 §12.5.1).
///
/// A range whose weight is malformed counts as refused, and one that is listed twice by the lower weight, as with
/// ``AcceptEncoding``: what was not surely asked for is not done.
package struct AcceptField {
    /// The ranges in their order, without parameters and in lower case.
    private var ranges: [(type: String, weight: Weight)] = []

    package init(_ head: RequestHead) {
        for element in head.values(of: "accept").flatMap({ $0.split(separator: UInt8(ascii: ",")) }) {
            let parts = String(decoding: element, as: UTF8.self).split(separator: ";").map(\.trimmingBlanks)
            guard let type = parts.first?.lowercased(), !type.isEmpty else { continue }
            let weight = parts.dropFirst().first { $0.lowercased().hasPrefix("q=") }
            add(type, weight.map { Weight(Array($0.utf8).span) ?? .none } ?? .full)
        }
    }

    private mutating func add(_ type: String, _ weight: Weight) {
        if let index = ranges.firstIndex(where: { $0.type == type }) {
            ranges[index].weight = min(ranges[index].weight, weight)
        } else {
            ranges.append((type, weight))
        }
    }

    /// Returns whether `type` is named itself, and preferred to `application/json`: by its weight, then by its place.
    ///
    /// A wildcard is no preference: everything but an explicit wish gets JSON.
    package func prefers(_ type: String) -> Bool {
        guard let wish = ranges.firstIndex(where: { $0.type == type }), ranges[wish].weight > .none else {
            return false
        }
        let weight = ranges[wish].weight
        guard let json = ranges.firstIndex(where: { $0.type == "application/json" }) else {
            return weight >= self.weight(of: "application/json")
        }
        return weight > ranges[json].weight || weight == ranges[json].weight && wish < json
    }

    /// Returns whether `type` is named itself, and not as something that is refused.
    package func names(_ type: String) -> Bool { ranges.contains { $0.weight > .none && $0.type == type } }

    /// Returns whether `type` would do: by the most specific range that it is in.
    package func accepts(_ type: String) -> Bool { ranges.isEmpty || weight(of: type) > .none }

    private func weight(of type: String) -> Weight {
        let main = type.prefix { $0 != "/" }
        for range in [type, "\(main)/*", "*/*"] {
            if let found = ranges.first(where: { $0.type == range }) { return found.weight }
        }
        return .none
    }
}

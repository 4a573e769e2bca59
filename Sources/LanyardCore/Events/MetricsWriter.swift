// SPDX-License-Identifier: Apache-2.0

/// Writes metrics in the text format of Prometheus, version 0.0.4.
///
/// Names and labels are our own words, so nothing has to be escaped but what an operator sets.
package struct MetricsWriter {
    package private(set) var text = ""

    /// Creates a writer that has written nothing.
    package init() {}

    /// Adds all counters of a family.
    mutating func add<Label>(_ family: CounterFamily<Label>) {
        head(family.name, type: "counter", help: family.help)
        for (label, value) in family.values {
            text += "\(family.name){\(family.labelName)=\"\(label)\"} \(value)\n"
        }
    }

    /// Adds a counter without labels.
    mutating func addCounter(_ name: String, help: String, _ value: UInt64) {
        head(name, type: "counter", help: help)
        text += "\(name) \(value)\n"
    }

    /// Adds a value that goes up and down.
    package mutating func addGauge(_ name: String, help: String, labels: [(String, String)] = [], _ value: Int64) {
        head(name, type: "gauge", help: help)
        let list = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        text += name + (list.isEmpty ? "" : "{\(list)}") + " \(value)\n"
    }

    private mutating func head(_ name: String, type: String, help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    private static func escaped(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// What the text is sent as.
    package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"
}

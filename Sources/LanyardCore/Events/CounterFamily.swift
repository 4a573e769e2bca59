// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Counters of one name, one for each value of its one label; any thread may count.
final class CounterFamily<Label: CaseIterable & Hashable & RawRepresentable<String> & Sendable>: Sendable {
    let name: String
    let help: String
    let labelName: String
    private let counters: [Label: Counter]

    private final class Counter: Sendable {
        let value = Atomic<UInt64>(0)
    }

    /// Creates counters that stand at 0, so that a rate can be taken from the first event on.
    init(_ name: String, label: String, help: String) {
        self.name = name
        self.help = help
        labelName = label
        counters = Dictionary(uniqueKeysWithValues: Label.allCases.map { ($0, Counter()) })
    }

    /// Counts one.
    func count(_ label: Label) {
        counters[label]?.value.wrappingAdd(1, ordering: .relaxed)
    }

    /// The counters now, in the order of the labels' declaration.
    var values: [(label: String, value: UInt64)] {
        Label.allCases.map { ($0.rawValue, counters[$0]?.value.load(ordering: .relaxed) ?? 0) }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import LanyardBase

/// A queue of its own, as an event loop has one.
package struct QueueConfinement: Confinement {
    private let queue = DispatchQueue(label: "confinement")

    package init() {}

    package func checkIsConfined() { dispatchPrecondition(condition: .onQueue(queue)) }

    /// Returns what `body` returns there.
    package func run<Value>(_ body: () -> Value) -> Value { queue.sync(execute: body) }
}

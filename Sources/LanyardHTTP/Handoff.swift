// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// A value on its way to another queue, which it reaches without leaving a reference behind.
///
/// A block keeps what it captures until it has returned, and a loop's block returns at the very end.
final class Handoff<Value: Sendable>: Sendable {
    private let value: Guarded<Value?>

    /// Sends `value` on its way.
    init(_ value: Value) {
        self.value = Guarded(value)
    }

    /// Takes the value; once.
    func take() -> Value {
        guard let value = value.withLock({ $0.take() }) else { preconditionFailure("taken twice") }
        return value
    }
}

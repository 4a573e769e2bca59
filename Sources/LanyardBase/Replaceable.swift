// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A value that is replaced now and then and read all the time.
///
/// Readers keep a ``Copy`` each and only ask whether the value was replaced since: that is one load of a number that
/// nobody writes to, so threads that read share no lock and no count.
package final class Replaceable<Value: Sendable>: Sendable {
    private struct Held {
        var value: Value
        var version: Int
    }

    private let held: Guarded<Held>
    private let version = Atomic<Int>(0)

    /// Creates a value that may be replaced.
    package init(_ value: Value) {
        held = Guarded(Held(value: value, version: 0))
    }

    /// The value now.
    package var current: Value { held.withLock { $0.value } }

    /// Puts another value in the place of the one before.
    package func replace(with value: Value) {
        let version = held.withLock { held in
            held = Held(value: value, version: held.version + 1)
            return held.version
        }
        self.version.store(version, ordering: .releasing)
    }

    /// One reader's copy of the value, for one thread at a time.
    package struct Copy {
        private let source: Replaceable
        private var held: Held

        /// Creates a copy that is up to date.
        package init(of source: Replaceable) {
            self.source = source
            held = source.held.withLock { $0 }
        }

        /// The value when the copy was last brought up to date.
        package var value: Value { held.value }

        /// Brings the copy up to date; returns whether the value was replaced meanwhile.
        package mutating func update() -> Bool {
            guard source.version.load(ordering: .acquiring) > held.version else { return false }
            held = source.held.withLock { $0 }
            return true
        }
    }
}

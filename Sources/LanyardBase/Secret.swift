// SPDX-License-Identifier: Apache-2.0

/// A value that must never be printed, logged or compared by accident.
///
/// Printing one in any way gives `<secret>`. The value is reached only through ``reveal()``, a word that can be searched
/// for in a review. It does not erase its memory: Swift may have copied the bytes before.
package struct Secret<Value: Sendable>: Sendable {
    private let value: Value

    /// Wraps a value.
    package init(_ value: Value) {
        self.value = value
    }

    /// Returns the value itself, to be handed to the one function that needs it.
    package func reveal() -> Value { value }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<secret>" }
    package var debugDescription: String { "<secret>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

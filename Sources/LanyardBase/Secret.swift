// SPDX-License-Identifier: Apache-2.0

/// A value that must never be printed, logged or compared by accident.
///
/// Printing one in any way gives `<secret>`. The value is reached only through ``reveal()``, a word that can be searched
/// for in a review.
///
/// Bytes are wiped when the last copy of the secret goes, unless an array that was revealed is still held elsewhere. Text
/// is not: a `String` shares and moves its bytes as it likes. What was copied before or after is not wiped either.
package struct Secret<Value: Sendable>: Sendable {
    private let box: Box

    /// Wraps a value.
    package init(_ value: consuming Value) {
        box = Box(value)
    }

    /// Returns the value itself, to be handed to the one function that needs it.
    package func reveal() -> Value { box.value }

    private class Box: @unchecked Sendable {
        // @unchecked Sendable because `value` changes only in a deinit, where there is no other reference.
        final var value: Value

        init(_ value: consuming Value) {
            self.value = value
        }
    }

    private final class WipedBox: Box, @unchecked Sendable where Value == [UInt8] {
        // @unchecked Sendable because its superclass is, and it adds nothing that is stored.
        deinit { wipe(&value) }
    }
}

extension Secret where Value == [UInt8] {
    /// Wraps bytes, which are wiped in the end.
    package init(_ bytes: consuming [UInt8]) {
        box = WipedBox(bytes)
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<secret>" }
    package var debugDescription: String { "<secret>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

// SPDX-License-Identifier: Apache-2.0

/// Which status lists there are.
package struct StatusLists: Equatable, Sendable {
    /// How often the lists and what they show were changed.
    package var version: Int64
    /// The numbers of the lists, ascending.
    package var numbers: [Int64]

    /// Creates lists.
    package init(version: Int64, numbers: [Int64]) {
        self.version = version
        self.numbers = numbers
    }
}

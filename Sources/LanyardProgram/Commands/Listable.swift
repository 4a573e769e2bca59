// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding

/// What a command lists.
protocol Listable {
    /// The line for people, line feed included.
    var line: String { get }
    /// The element of the array for programs.
    var json: JSONValue { get }
}

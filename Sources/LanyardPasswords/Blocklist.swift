// SPDX-License-Identifier: Apache-2.0

/// Passwords that may not be set because they are tried first.
///
/// Only 64 bits of each are kept, hashed with this process's random seed, so a list of ten million takes 80 MB and nothing
/// can be read from it. A password that is not on the list meets one of n entries by chance once in 2^64 / n.
package struct Blocklist: Sendable {
    /// The hashes of the entries, ascending.
    private let hashes: [Int]

    /// Creates a list of passwords.
    package init(_ passwords: some Sequence<String>) {
        self.init(keys: passwords.lazy.map(\.caselessKey))
    }

    /// Creates a list of passwords that are spelled as they are compared.
    init(keys: some Sequence<String>) {
        hashes = keys.map(Self.hash(ofKey:)).sorted()
    }

    /// How many entries there are; one that was given twice counts twice.
    package var count: Int { hashes.count }

    /// Returns whether the whole of `password` is on the list, without regard to case.
    package func contains(_ password: String) -> Bool {
        contains(key: password.caselessKey)
    }

    func contains(key: String) -> Bool {
        let wanted = Self.hash(ofKey: key)
        var range = hashes.startIndex..<hashes.endIndex
        while let middle = range.isEmpty ? nil : (range.lowerBound + range.upperBound) / 2 {
            if hashes[middle] == wanted { return true }
            range = hashes[middle] < wanted ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return false
    }

    private static func hash(ofKey key: String) -> Int {
        key.hashValue
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What one Argon2id hash costs (RFC 9106 §3.1).
package struct Argon2Parameters: Hashable, Sendable {
    /// 19 MiB, 2 passes, 1 lane: the least that OWASP's Password Storage Cheat Sheet recommends.
    package static let standard = Self(uncheckedMemoryKiB: 19_456, iterations: 2, parallelism: 1)
    /// What `passwords.memory` can be, in KiB: 8 MiB to 4 GiB.
    package static let memorySettings = 8_192...4_194_304
    /// The passes that a hash can have.
    package static let iterationCounts = 1...100
    /// The lanes that a hash can have.
    package static let parallelisms = 1...16

    /// The memory, in KiB.
    package let memoryKiB: Int
    /// The passes over the memory.
    package let iterations: Int
    /// The lanes that the memory is divided into.
    ///
    /// They are filled one after the other on the thread that hashes, so that a hash never takes more than one core.
    package let parallelism: Int

    /// Creates parameters.
    ///
    /// Memory may be less than ``memorySettings`` begin at: a stored hash is judged by what can be computed, so from 8
    /// KiB a lane (RFC 9106 §3.1) to 4 GiB.
    ///
    /// - Throws: ``PasswordHashError/costOutOfRange``.
    package init(memoryKiB: Int, iterations: Int, parallelism: Int) throws(PasswordHashError) {
        guard Self.parallelisms.contains(parallelism), Self.iterationCounts.contains(iterations),
            memoryKiB >= 8 * parallelism, memoryKiB <= Self.memorySettings.upperBound
        else { throw .costOutOfRange }
        self.init(uncheckedMemoryKiB: memoryKiB, iterations: iterations, parallelism: parallelism)
    }

    private init(uncheckedMemoryKiB memoryKiB: Int, iterations: Int, parallelism: Int) {
        self.memoryKiB = memoryKiB
        self.iterations = iterations
        self.parallelism = parallelism
    }

    /// The memory, in bytes.
    package var memoryBytes: Int { memoryKiB * 1_024 }
}

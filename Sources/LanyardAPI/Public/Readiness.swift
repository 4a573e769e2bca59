// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Whether the process still wants requests; set once, when it begins to end.
package final class Readiness: Sendable {
    private let draining = Atomic<Bool>(false)

    /// Creates the state of a process that wants requests.
    package init() {}

    /// Whether the process is about to end.
    package var isDraining: Bool { draining.load(ordering: .acquiring) }

    /// Says that the process is about to end.
    package func beginDraining() { draining.store(true, ordering: .releasing) }
}

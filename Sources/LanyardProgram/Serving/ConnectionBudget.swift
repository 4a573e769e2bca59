// SPDX-License-Identifier: Apache-2.0

/// How the process's file descriptors are shared out, so that clients of the public listeners never take those of the store or of
/// the management listener.
package struct ConnectionBudget: Sendable {
    /// The most connections of the public listeners.
    package let `public`: Int
    /// The most connections of the management listener.
    package let management: Int
    /// The limit that both follow from.
    package let descriptors: Int

    /// Shares `descriptors` out.
    ///
    /// - Parameters:
    ///   - descriptors: The limit of the process, at least 1.
    ///   - loops: The event loops of the public listeners.
    package init(descriptors: Int, loops: Int) {
        self.descriptors = descriptors
        management = max(1, min(Self.mostManagement, descriptors / 8))
        let reserve = Self.own + Self.perLoop * loops + Self.passing + management
        // Where even the reserve does not fit, running out is met as it comes: the server refuses and goes on.
        `public` = max(1, descriptors / 4, descriptors - reserve)
    }

    /// The standard streams, the store with its pool of connections, files that are read now and then.
    private static let own = 128
    /// A poller, a bell, a spare, listeners.
    private static let perLoop = 8
    /// Connections above the limit, on two servers: those that are being refused, and those whose place is being made.
    private static let passing = 2 * (64 + 16)
    /// Probes, metrics, administrators, and clients that wait for events.
    private static let mostManagement = 512
}

// SPDX-License-Identifier: Apache-2.0

/// A place that runs one thing at a time, as an event loop does: what is confined to it needs no lock.
package protocol Confinement: Sendable {
    /// Traps unless it is called there.
    func checkIsConfined()
}

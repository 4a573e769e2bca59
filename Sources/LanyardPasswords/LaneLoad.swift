// SPDX-License-Identifier: Apache-2.0

/// How busy the lanes are at one moment.
package struct LaneLoad: Equatable, Sendable {
    /// The lanes that hash, or have been given work and are about to.
    package var busyLanes: Int
    /// How many known callers wait for a lane.
    package var waitingKnown: Int
    /// How many strangers wait for a lane.
    package var waitingStrangers: Int

    /// Creates a load.
    package init(busyLanes: Int, waitingKnown: Int, waitingStrangers: Int) {
        self.busyLanes = busyLanes
        self.waitingKnown = waitingKnown
        self.waitingStrangers = waitingStrangers
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What became of a request to hash, told at once.
enum LaneAdmission: Equatable, Sendable {
    /// It will be done, or refused on closing; either way its completion is called once.
    case accepted
    /// Every lane is busy and the queue has no place for it. Its completion is never called.
    case overloaded
    /// The lanes are closed. Its completion is never called.
    case closed
}

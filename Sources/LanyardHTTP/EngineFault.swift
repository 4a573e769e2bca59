// SPDX-License-Identifier: Apache-2.0

/// A rule of the engine that the program behind it has broken: a bug, which costs one connection and never the process.
package enum EngineFault: Error, Equatable, Sendable {
    /// An exchange was completed a second time. The second completion was dropped, and the connection closed.
    case completedTwice
    /// A response breaks a rule of HTTP. A 500 was sent in its place.
    case unwritableResponse(Response.Defect)
}

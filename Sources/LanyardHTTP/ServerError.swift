// SPDX-License-Identifier: Apache-2.0

/// Why a server does not start.
package enum ServerError: Error, Equatable, Sendable {
    // Theirs: the setting.

    /// The text is not `HOST:PORT`, `[ADDRESS]:PORT` or `unix:/path`.
    case invalidAddress(String)
    /// The name has no address.
    case unknownHost(String)
    /// What was handed over to listen on is no listening stream socket of a family that is served.
    case notAListener(descriptor: Int32)

    // The world's.

    /// Another process, or another listener of this one, has the address.
    case addressInUse(BoundAddress)
    /// The system does not let the address be listened on.
    case cannotListen(BoundAddress, errno: Int32)
    /// The system has no descriptor left for an event loop.
    case cannotPoll(errno: Int32)
}

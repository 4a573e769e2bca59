// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardHTTP

/// A server on a free port of the loopback, which stops when it goes out of memory.
package final class RunningServer: Sendable {
    /// The server itself.
    package let server: Server
    /// Where it listens.
    package let addresses: [BoundAddress]

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - handler: What answers, made once for each loop.
    ///   - loops: The number of event loops.
    ///   - addresses: Where to listen.
    ///   - inherited: Listeners that are open already.
    ///   - configure: Changes the limits from their defaults.
    /// - Throws: ``ServerError``.
    package convenience init(
        _ handler: @autoclosure () -> any RequestHandler, loops: Int = 2, at addresses: [String] = ["127.0.0.1:0"],
        inheriting inherited: [Listener] = [], configure: (inout ServerConfiguration) -> Void = { _ in }
    ) throws {
        try self.init(loops: loops, at: addresses, inheriting: inherited, configure: configure) { _ in handler() }
    }

    /// Starts a server with handlers that know their loops.
    package init(
        loops: Int = 2, at addresses: [String] = ["127.0.0.1:0"], inheriting inherited: [Listener] = [],
        configure: (inout ServerConfiguration) -> Void = { _ in },
        handler: (LoopExecutor) -> any RequestHandler
    ) throws {
        var configuration = ServerConfiguration(listen: try addresses.map { try ListenAddress($0) }, loops: loops)
        configure(&configuration)
        server = Server(configuration: configuration, now: { Self.instant })
        self.addresses = try server.listen(inheriting: inherited)
        try server.start(handler)
    }

    deinit { server.stop() }

    /// Connects to the first address.
    package func connect(receiveBuffer: Int32? = nil) throws -> RawClient {
        try RawClient(to: addresses[0], receiveBuffer: receiveBuffer)
    }

    /// What every server's clock shows: 2023-11-14T22:13:20Z.
    package static let instant = UnixTime(seconds: 1_700_000_000)
}

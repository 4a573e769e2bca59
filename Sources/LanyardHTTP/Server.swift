// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
package import LanyardBase

/// An HTTP/1.1 server: a handler behind event loops.
///
/// It listens once and is started once: between the two, whoever starts it learns the ports that it got. When it goes out
/// of memory it stops.
package final class Server: Sendable {
    private enum State {
        case new
        case listening(ListenerTable)
        case running([Mailbox])
        case draining([Mailbox])
        case stopped
    }

    private let configuration: ServerConfiguration
    private let now: @Sendable () -> UnixTime
    private let census = ConnectionCensus()
    private let idleBoard = IdleBoard()
    /// Holds one entry for each loop that has not ended.
    private let loops = DispatchGroup()
    private let state = Guarded(State.new)

    /// Creates a server that does nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: At least one loop.
    ///   - now: The wall clock; called on the loops.
    package init(configuration: ServerConfiguration, now: @escaping @Sendable () -> UnixTime) {
        precondition(configuration.loops >= 1, "a server has a loop")
        self.configuration = configuration
        self.now = now
    }

    deinit { stop() }

    /// Listens on every address; who connects waits until the server is started.
    ///
    /// - Parameter inherited: Listeners that are open already; at least one, if the configuration has no address.
    /// - Returns: Where the server listens: what is inherited, then in the order of the configuration, `localhost` as two;
    ///   ports that were 0 are the ones that it got.
    /// - Throws: ``ServerError``; then nothing is listened on.
    package func listen(inheriting inherited: [Listener] = []) throws(ServerError) -> [BoundAddress] {
        precondition(!configuration.listen.isEmpty || !inherited.isEmpty, "a server listens")
        let table = try ListenerTable(configuration, inheriting: inherited)
        state.withLock { state in
            guard case .new = state else { preconditionFailure("a server listens once") }
            state = .listening(table)
        }
        return table.endpoints
    }

    /// Begins to answer what connects to the addresses that the server listens on.
    ///
    /// - Parameter handler: Makes what answers requests, once for each loop, which uses it alone.
    /// - Throws: ``ServerError/cannotPoll(errno:)``.
    package func start(_ handler: (LoopExecutor) -> any RequestHandler) throws(ServerError) {
        let table = state.withLock { state in
            guard case .listening(let table) = state else {
                preconditionFailure("a server listens, then it is started")
            }
            return table
        }
        var blueprints: [EventLoop.Parts] = []
        for index in 0..<configuration.loops {
            blueprints.append(try parts(number: index, listeners: table.listeners(ofLoop: index), handler: handler))
        }
        state.withLock { $0 = .running(blueprints.map(\.executor.mailbox)) }
        for parts in blueprints {
            loops.enter()
            // The queue belongs to the loop for good: nothing else is put on it while the loop runs.
            parts.queue.async { [loops] in
                EventLoop(parts).run()
                loops.leave()
            }
        }
    }

    /// Lets requests in flight finish, and ends.
    ///
    /// The server goes on accepting for the configured delay. Then it closes its listeners and what is idle, answers
    /// everything that is under way with `Connection: close`, and cuts off what is left at the configured time.
    ///
    /// - Parameter completion: Called on a queue of the system when the last connection is closed.
    package func drain(completion: @escaping @Sendable () -> Void) {
        let mailboxes = state.withLock { state in
            guard case .running(let mailboxes) = state else { return [Mailbox]() }
            state = .draining(mailboxes)
            return mailboxes
        }
        for mailbox in mailboxes { mailbox.post(.drain) }
        loops.notify(queue: .global(), execute: completion)
    }

    /// Closes everything at once; a drain that is under way completes.
    package func stop() {
        let mailboxes = state.withLock { state in
            defer { state = .stopped }
            switch state {
            case .running(let mailboxes), .draining(let mailboxes): return mailboxes
            case .new, .listening, .stopped: return []
            }
        }
        for mailbox in mailboxes { mailbox.post(.stop) }
    }

    /// Whether the server has been told to drain or to stop.
    package var isDraining: Bool {
        state.withLock { state in
            switch state {
            case .new, .listening, .running: false
            case .draining, .stopped: true
            }
        }
    }

    /// The number of connections now.
    package var connectionCount: Int { census.total }

    /// Takes the limits of `configuration` for everything that begins from now on.
    ///
    /// Addresses and the number of loops stay as they are.
    package func apply(_ configuration: ServerConfiguration) {
        let mailboxes = state.withLock { state in
            guard case .running(let mailboxes) = state else { return [Mailbox]() }
            return mailboxes
        }
        for mailbox in mailboxes { mailbox.post(.configure(configuration)) }
    }

    /// Two letters for each of as many connections as settings can ever allow, since they can be raised at run time.
    private static let mailboxCapacity = 2_000_000

    private func parts(
        number: Int, listeners: [Listener], handler: (LoopExecutor) -> any RequestHandler
    ) throws(ServerError) -> EventLoop.Parts {
        let wakeup = try Wakeup()
        let poller = try Poller()
        try poller.add(wakeup, token: EventLoop.wakeupToken.bits)
        let mailbox = Mailbox(capacity: Self.mailboxCapacity) { wakeup.signal() }
        let queue = DispatchQueue(label: "lanyard.loop.\(number)")
        let executor = LoopExecutor(mailbox, queue)
        return EventLoop.Parts(
            queue: queue,
            poller: poller,
            wakeup: wakeup,
            executor: executor,
            listeners: Handoff(listeners),
            configuration: configuration,
            census: census,
            idleBoard: idleBoard,
            idleRow: idleBoard.add(mailbox),
            handler: handler(executor),
            now: now)
    }
}

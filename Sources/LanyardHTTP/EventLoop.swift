// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import LanyardBase

/// One thread's share of a server: a poller, listeners, and the connections accepted from them.
///
/// Everything here is touched on the loop's queue only. A turn waits for events, handles all of them, and then runs one
/// piece of work, so that a request that is answered from memory waits for one signature at most.
final class EventLoop {
    let parts: Parts
    var configuration: ServerConfiguration
    var clock: LoopClock
    var wheel: TimerWheel
    var connections: ConnectionSlab
    var idle = IdleList()
    /// The only references to the listeners, but for those that loops share: dropping them closes.
    var listeners: [Listener]
    var ids = RequestIDSource()

    let readBuffer = ReadBuffer(capacity: EventLoop.readBytes)
    /// Answers of one connection, between its parser and its socket; empty when another's turn comes.
    var writeBuffer: [UInt8] = []
    /// What TLS made of them, or sends of its own accord; empty between two uses.
    var sealedBuffer: [UInt8] = []
    /// What TLS found in what was read; empty between two uses.
    var openedBuffer: [UInt8] = []
    /// The parser of connections that hold no part of a request; one that does keeps it.
    var sparePartial: PartialRequest
    /// Connections that have more to do than one turn gives them, each once.
    var unfinished: [ConnectionToken] = []
    /// Answers that take a core to make.
    var work = Queue<(key: ExchangeKey, step: @Sendable () -> Outcome)>()
    var nextSerial: UInt64 = 1

    /// Given up for a moment to accept when the process has no descriptor left.
    var spare: Descriptor?
    /// When accepting goes on after descriptors ran out, in milliseconds.
    var acceptAgainAt: UInt64?
    /// How many connections a listener may take in this turn.
    var acceptsInTurn = 1
    var drain = DrainState.serving

    /// How far the loop is on its way to its end; times are milliseconds of the loop's clock.
    enum DrainState {
        /// Not on its way.
        case serving
        /// Still accepting, so that load balancers can notice.
        case delayed(until: UInt64, cutAt: UInt64)
        /// Finishing what is under way, while those come in who had begun to connect.
        case shutting(until: UInt64, cutAt: UInt64)
        /// Finishing what is under way.
        case finishing(cutAt: UInt64)
        /// At its end.
        case ended
    }

    /// What a loop is made of; all of it can be handed to the loop's queue.
    struct Parts: Sendable {
        let queue: DispatchQueue
        let poller: Poller
        let wakeup: Wakeup
        let executor: LoopExecutor
        let listeners: Handoff<[Listener]>
        let configuration: ServerConfiguration
        let census: ConnectionCensus
        let idleBoard: IdleBoard
        /// The loop's own row of ``idleBoard``.
        let idleRow: IdleBoard.Row
        let handler: any RequestHandler
        let now: @Sendable () -> UnixTime
    }

    /// Creates a loop; called on its queue.
    init(_ parts: Parts) {
        dispatchPrecondition(condition: .onQueue(parts.queue))
        self.parts = parts
        configuration = parts.configuration
        listeners = parts.listeners.take()
        clock = LoopClock(wall: parts.now)
        wheel = TimerWheel(tick: 20, buckets: 4_096, now: clock.milliseconds)
        sparePartial = PartialRequest(limits: configuration.requestLimits)
        connections = ConnectionSlab(capacity: ConnectionSlab.slotLimit)
        spare = Descriptor.placeholder()
        writeBuffer.reserveCapacity(Self.flushThreshold)
    }

    /// Runs until the loop is told to end and has.
    func run() {
        dispatchPrecondition(condition: .onQueue(parts.queue))
        var events = Poller.Events(capacity: Self.eventsPerTurn)
        resumeAccepting()
        while true {
            parts.poller.wait(milliseconds: longestWait(), into: &events)
            clock.read()
            acceptsInTurn = events.count + unfinished.count
            for index in 0..<events.count { handle(events[index]) }
            continueUnfinished()
            meetDeadlines()
            runOneWork()
            if hasEnded { break }
        }
        // Nobody hears their answers any more, but each has an end to come to.
        for job in parts.executor.mailbox.close() { parts.executor.run(job) }
    }

    private func handle(_ event: Poller.Event) {
        let token = ConnectionToken(bits: event.token)
        switch token.slot {
        case Self.wakeupSlot:
            readMail()
        case Self.listenerSlot:
            guard Int(token.generation) < listeners.count else { return }
            acceptConnections(from: listeners[Int(token.generation)])
        default:
            guard let connection = connections[token] else { return }
            handle(event, of: connection)
        }
    }

    private func handle(_ event: Poller.Event, of connection: Connection) {
        guard !event.isBroken else { return close(connection) }
        if event.isEnded, !connection.isEnded {
            connection.isEnded = true
            noteClientEnd(of: connection)
        }
        if event.isReadable { connection.isReadable = true }
        if event.isWritable, !connection.output.isEmpty { sendOutput(of: connection) }
        // One that is unfinished has its share of the turn when the events are handled.
        if !connection.isUnfinished { proceed(with: connection) }
    }

    private func readMail() {
        // Tasks that go on complete exchanges, mostly; those leave in the same turn.
        handle(parts.executor.mailbox.empty(comesBack: true))
        handle(parts.executor.mailbox.empty())
    }

    private func handle(_ mail: Mailbox.Content) {
        for job in mail.jobs { parts.executor.run(job) }
        for letter in mail.letters { deliver(letter) }
        for command in mail.commands { obey(command) }
    }

    private func continueUnfinished() {
        guard !unfinished.isEmpty else { return }
        let tokens = unfinished
        unfinished.removeAll(keepingCapacity: true)
        for token in tokens {
            guard let connection = connections[token] else { continue }
            connection.isUnfinished = false
            proceed(with: connection)
        }
    }

    /// How long the next wait may last, in milliseconds; `nil` is for ever.
    private func longestWait() -> UInt64? {
        guard unfinished.isEmpty, work.isEmpty else { return 0 }
        let now = clock.milliseconds
        var wait = wheel.wait(from: now) ?? .max
        if let instant = acceptAgainAt { wait = min(wait, instant > now ? instant - now : 0) }
        if let instant = drain.nextInstant { wait = min(wait, instant > now ? instant - now : 0) }
        return wait == .max ? nil : wait
    }

    /// The poller's names for what is no connection; slots end far below.
    static let wakeupSlot = UInt32.max
    static let wakeupToken = ConnectionToken(slot: wakeupSlot, generation: 0)
    static let listenerSlot = UInt32.max - 1
    /// How many events one turn handles: each may be a handshake of TLS, which costs as much as a signature.
    private static let eventsPerTurn = 64
    /// How many bytes one read takes at most; with what was left of a head before, all that a connection ever holds unparsed.
    static let readBytes = 65_536
    /// Answers leave when so many bytes of them wait, in bytes.
    static let flushThreshold = 65_536
}

extension EventLoop.DrainState {
    /// When the loop has to look at its state again.
    fileprivate var nextInstant: UInt64? {
        switch self {
        case .serving, .ended: nil
        case .delayed(let until, _), .shutting(let until, _): until
        case .finishing(let cutAt): cutAt
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import LanyardBase
internal import LanyardStore

/// One connection, the serial queue it lives on, and the bounded line of calls in front of it.
///
/// The lane takes everything that waits, runs it in one transaction, and answers when that is over. So what was written
/// is on the disk before anyone hears of it, and the disk's sync is shared by all who waited. In a writing lane each
/// step has a savepoint, so that a step that fails undoes nothing but itself.
///
/// A clock runs beside the lane: a call whose deadline passes is answered then, even if the disk never answers.
final class Lane: @unchecked Sendable {
    // @unchecked Sendable because `connection` is touched on `queue` only; everything else is constant or in a mutex.
    private let file: StoreFile
    private let access: Access
    private let limits: SQLiteStore.Limits
    private let queue: DispatchQueue
    private let clock: DispatchQueue
    private var connection: Connection?
    private let line = Guarded(Line())

    /// What the steps of a lane do.
    enum Access: String {
        case reading, writing
    }

    private struct Line {
        var waiting: [any PendingCall] = []
        var running: [any PendingCall] = []
        var isServed = false
        var isClosed = false
        /// When the clock looks next, if it is to look.
        var nextLook: ContinuousClock.Instant?
    }

    init(file: StoreFile, access: Access, limits: SQLiteStore.Limits) {
        self.file = file
        self.access = access
        self.limits = limits
        queue = DispatchQueue(label: "lanyard.store.\(access.rawValue)")
        clock = DispatchQueue(label: "lanyard.store.\(access.rawValue).clock")
    }

    /// Puts `call` in the line; one that finds the line full or closed fails at once.
    func submit(_ call: any PendingCall) {
        let (isTaken, isFirst, isEarliest) = line.withLock { line in
            guard !line.isClosed, line.waiting.count < limits.waitingCalls else { return (false, false, false) }
            line.waiting.append(call)
            let isEarliest = line.nextLook.map { call.deadline < $0 } ?? true
            if isEarliest { line.nextLook = call.deadline }
            defer { line.isServed = true }
            return (true, !line.isServed, isEarliest)
        }
        guard isTaken else { return call.fail(.unavailable) }
        if isFirst { queue.async { self.serve() } }
        if isEarliest { look(at: call.deadline) }
    }

    /// Ends the lane: what waits is done first, whatever comes later fails.
    func close() {
        dispatchPrecondition(condition: .notOnQueue(queue))
        line.withLock { $0.isClosed = true }
        queue.sync { connection = nil }
    }

    // MARK: The line

    private func serve() {
        while true {
            let batch = takeBatch()
            guard !batch.isEmpty else { return }
            run(batch)
            // Where calls come in company the next ones are near, and the disk's sync is shared by more if it waits for
            // them; a call that comes alone is not kept waiting.
            if access == .writing, batch.count > 1 { pause(Self.gathering) }
        }
    }

    /// A fraction of what a sync takes, and of a signature.
    private static let gathering = DispatchTimeInterval.microseconds(300)

    /// Moves what waits to what runs; a call that founds the store runs alone.
    private func takeBatch() -> [any PendingCall] {
        line.withLock { line in
            let upToFounding = line.waiting.firstIndex { $0.isFounding }.map { max($0, 1) } ?? line.waiting.count
            let count = min(upToFounding, limits.batchedCalls)
            line.running = Array(line.waiting.prefix(count))
            line.waiting.removeFirst(count)
            line.isServed = !line.running.isEmpty
            return line.running
        }
    }

    private func look(at instant: ContinuousClock.Instant) {
        let pause = max(.zero, ContinuousClock.now.duration(to: instant))
        let (seconds, attoseconds) = pause.components
        let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
        clock.asyncAfter(deadline: .now() + .nanoseconds(nanoseconds)) { [weak self] in self?.look() }
    }

    /// Answers the calls whose deadline has passed, and comes back for the next of them.
    private func look() {
        let now = ContinuousClock.now
        let (late, next) = line.withLock { line -> ([any PendingCall], ContinuousClock.Instant?) in
            // A look that an earlier one has made needless.
            guard let expected = line.nextLook, expected <= now else { return ([], nil) }
            let late = (line.running + line.waiting).filter { $0.deadline <= now }
            line.waiting.removeAll { $0.deadline <= now }
            let next = (line.running + line.waiting).lazy.map(\.deadline).filter { $0 > now }.min()
            line.nextLook = next
            return (late, next)
        }
        for call in late { call.fail(.unavailable) }
        if let next { look(at: next) }
    }

    // MARK: A batch

    private func run(_ batch: [any PendingCall]) {
        do throws(StoreError) {
            guard let connection = try begin(batch) else {
                for call in batch { call.finishWithoutStore() }
                return
            }
            for call in batch where call.isPending && ContinuousClock.now < call.deadline {
                try run(call, on: connection)
            }
            try connection.execute("COMMIT")
        } catch {
            // Whatever was decided in the transaction was decided on what is undone now. The connection may be at
            // fault: the next batch gets a new one.
            connection?.rollBack()
            connection = nil
            for call in batch { call.fail(error) }
            return
        }
        for call in batch { call.finish() }
    }

    /// Begins a transaction, waiting for other processes as long as a call of the batch may wait.
    private func begin(_ batch: [any PendingCall]) throws(StoreError) -> Connection? {
        while true {
            do throws(StoreError) {
                guard let connection = try connected(isFounding: batch.contains { $0.isFounding }) else { return nil }
                try connection.execute(access == .writing ? "BEGIN IMMEDIATE" : "BEGIN")
                return connection
            } catch {
                // Locked, or a failure that may pass.
                let now = ContinuousClock.now
                guard error == .unavailable, batch.contains(where: { $0.isPending && now < $0.deadline }) else {
                    throw error
                }
                // A lock is waited for inside SQLite; this is for failures that come back at once.
                pause(.milliseconds(5))
            }
        }
    }

    private func connected(isFounding: Bool) throws(StoreError) -> Connection? {
        // A file that was moved or removed would take writes that nobody finds again.
        if let connection, !connection.hasMoved { return connection }
        connection = try file.connect(isFounding: isFounding, on: queue)
        if access == .reading { try connection?.execute("PRAGMA query_only = ON") }
        return connection
    }

    private func run(_ call: any PendingCall, on connection: Connection) throws(StoreError) {
        guard access == .writing else {
            try? call.run(on: connection)
            return
        }
        try connection.run(.savepoint)
        do throws(StoreError) {
            try call.run(on: connection)
        } catch {
            // After some errors, a full disk among them, SQLite has undone the whole transaction by itself. A store that
            // was not founded is left as it was found: with no tables, and with no connection that expects them.
            guard connection.isInTransaction, !call.isFounding else { throw error }
            try connection.run(.rollBackToSavepoint)
        }
        try connection.run(.releaseSavepoint)
    }

    private func pause(_ time: DispatchTimeInterval) {
        dispatchPrecondition(condition: .onQueue(queue))
        _ = DispatchSemaphore(value: 0).wait(timeout: .now() + time)
    }
}

extension Query {
    fileprivate static let savepoint = Query("SAVEPOINT step")
    fileprivate static let releaseSavepoint = Query("RELEASE step")
    fileprivate static let rollBackToSavepoint = Query("ROLLBACK TO step")
}

// SPDX-License-Identifier: Apache-2.0

package import LanyardStore
internal import Synchronization

/// A store in one SQLite file, shared by any number of processes of this machine.
///
/// Nothing runs on the caller's thread: steps that write are made on one queue in the order of their calls, steps that
/// only read on a few others. Connections are opened by the first call that needs them, and anew after a failure.
package final class SQLiteStore: Store {
    private let writer: Lane
    private let readers: [Lane]
    private let turn = Atomic<Int>(0)
    let limits: Limits
    let file: StoreFile

    /// How much a store takes upon itself.
    package struct Limits: Sendable {
        /// How long after a call it is answered at the latest; the contract's 5 s leave the rest to everything else.
        package var deadline: Duration = .seconds(4)
        /// The same for ``SQLiteStore/open(founding:)``, which may wait for another process to make keys.
        package var openingDeadline: Duration = .seconds(30)
        /// The same for a call that ends so many sessions that it takes several transactions.
        package var portionedDeadline: Duration = .seconds(60)
        /// How many sessions one transaction ends or removes at most: a few hundredths of a second of work.
        package var sessionsPerStep = 1_000
        /// How many sessions a login ends at most; if the account has more than it may, the next logins end the others.
        package var sessionsPerLogin = 200
        /// How many calls may wait in front of one connection: a tenth of a second of work.
        package var waitingCalls = 4_096
        /// How many calls share a transaction, so that the last of many does not keep the first waiting.
        package var batchedCalls = 512
        /// How many connections read.
        package var readers = 2
        /// How many entries a status list has.
        package var statusListSize = StatusListUse.listSize
        /// Draws an index of a status list, from 0 up to a bound; nobody may be able to foretell it.
        package var drawStatusIndex: @Sendable (_ bound: Int) -> Int = { Int.random(in: 0..<$0) }

        /// Creates the limits that a service runs with.
        package init() {}
    }

    /// Creates the store that is, or will be, in the file at `path`.
    ///
    /// Touches nothing.
    ///
    /// - Parameters:
    ///   - path: The file, in a folder that exists. Beside it lie `-wal` and `-shm` while the store is in use.
    ///   - limits: How much the store takes upon itself.
    ///   - schema: The tables this release works with.
    package init(path: String, limits: Limits = Limits(), schema: Schema = .current) {
        precondition(limits.readers > 0 && limits.batchedCalls > 0)
        let file = StoreFile(path: path, schema: schema)
        self.file = file
        self.limits = limits
        writer = Lane(file: file, access: .writing, limits: limits)
        readers = (0..<limits.readers).map { _ in Lane(file: file, access: .reading, limits: limits) }
    }

    package func close() {
        writer.close()
        for reader in readers { reader.close() }
    }

    /// Makes a step that may write, in a transaction that may hold other steps too.
    ///
    /// If it throws, what it has written is undone.
    package func write<Value: Sendable>(
        step: @escaping @Sendable (Connection) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        try await submit(step, to: writer, within: limits.deadline)
    }

    /// Makes a step that only reads, in a transaction that sees the store at one moment, no earlier than the call.
    package func read<Value: Sendable>(
        step: @escaping @Sendable (Connection) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        try await submit(step, to: reader, within: limits.deadline)
    }

    /// Makes the step that founds the store if there is none.
    func found<Value: Sendable>(
        step: @escaping @Sendable (Connection) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        try await submit(step, to: writer, within: limits.openingDeadline, isFounding: true)
    }

    /// Makes a step that only reads; returns `nil` if there is no store.
    func readIfFounded<Value: Sendable>(
        step: @escaping @Sendable (Connection) throws(StoreError) -> Value?
    ) async throws(StoreError) -> Value? {
        try await submit(step, to: reader, within: limits.deadline, withoutStore: .success(nil))
    }

    /// Waits for a step; the one place where the store's queues meet the language's concurrency.
    ///
    /// The caller is resumed on the lane, or on the lane's clock if the deadline passes first.
    private func submit<Value: Sendable>(
        _ step: @escaping @Sendable (Connection) throws(StoreError) -> Value, to lane: Lane, within deadline: Duration,
        isFounding: Bool = false, withoutStore: Result<Value, StoreError> = .failure(.unavailable)
    ) async throws(StoreError) -> Value {
        let result = await withCheckedContinuation { continuation in
            lane.submit(
                Call(
                    deadline: .now + deadline, isFounding: isFounding, withoutStore: withoutStore,
                    completion: { continuation.resume(returning: $0) }, step: step))
        }
        return try result.get()
    }

    private var reader: Lane {
        let (_, turn) = turn.wrappingAdd(1, ordering: .relaxed)
        return readers[Int(UInt(bitPattern: turn) % UInt(readers.count))]
    }
}

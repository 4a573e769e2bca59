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
        /// The same for ``SQLiteStore/open(founding:completion:)``, which may wait for another process to make keys.
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
        completion: @escaping Completion<Value>, step: @escaping @Sendable (Connection) throws(StoreError) -> Value
    ) {
        writer.submit(Call(deadline: .now + limits.deadline, completion: completion, step: step))
    }

    /// Makes a step that only reads, in a transaction that sees the store at one moment, no earlier than the call.
    package func read<Value: Sendable>(
        completion: @escaping Completion<Value>, step: @escaping @Sendable (Connection) throws(StoreError) -> Value
    ) {
        reader.submit(Call(deadline: .now + limits.deadline, completion: completion, step: step))
    }

    /// Makes the step that founds the store if there is none.
    func found<Value: Sendable>(
        completion: @escaping Completion<Value>, step: @escaping @Sendable (Connection) throws(StoreError) -> Value
    ) {
        writer.submit(
            Call(deadline: .now + limits.openingDeadline, isFounding: true, completion: completion, step: step))
    }

    /// Makes a step that only reads; completes with `nil` if there is no store.
    func readIfFounded<Value: Sendable>(
        completion: @escaping Completion<Value?>, step: @escaping @Sendable (Connection) throws(StoreError) -> Value?
    ) {
        reader.submit(
            Call(deadline: .now + limits.deadline, withoutStore: .success(nil), completion: completion, step: step))
    }

    private var reader: Lane {
        let (_, turn) = turn.wrappingAdd(1, ordering: .relaxed)
        return readers[Int(UInt(bitPattern: turn) % UInt(readers.count))]
    }
}

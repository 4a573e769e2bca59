// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// What other queues have to say to a loop.
package final class Mailbox: Sendable {
    /// An order to the loop itself.
    package enum Command: Sendable {
        /// Take these limits from now on.
        case configure(ServerConfiguration)
        /// Close an idle connection, whose place another loop has given away.
        case evict
        /// Finish what is under way and end.
        case drain
        /// Close everything and end.
        case stop
    }

    /// A completion and the exchange it is for.
    package struct Letter: Sendable {
        /// The exchange.
        package var key: ExchangeKey
        /// How it is completed.
        package var completion: Completion
    }

    /// Everything that came since the mailbox was last emptied.
    package struct Content: Sendable {
        /// Completions in the order they came.
        package var letters: [Letter] = []
        /// Orders in the order they came.
        package var commands: [Command] = []
        /// Parts of tasks that are ready to go on, in the order they became so.
        package var jobs: [UnownedJob] = []

        fileprivate var isEmpty: Bool { letters.isEmpty && commands.isEmpty && jobs.isEmpty }
    }

    private struct State {
        var content = Content()
        var abandoned: Set<ExchangeKey> = []
        /// Whether the loop will look again without being woken.
        var isAwake = false
        var isClosed = false
    }

    private let state = Guarded(State())
    private let capacity: Int
    private let wake: @Sendable () -> Void

    /// Creates an empty mailbox.
    ///
    /// - Parameters:
    ///   - capacity: The most letters it holds; one more is dropped, and the exchange meets its deadline.
    ///   - wake: Called after something was put into the empty mailbox, on the queue of who put it there.
    package init(capacity: Int, wake: @escaping @Sendable () -> Void) {
        self.capacity = capacity
        self.wake = wake
    }

    /// Puts a completion in.
    package func post(_ completion: Completion, for key: ExchangeKey) {
        put { content in
            guard content.letters.count < capacity else { return }
            content.letters.append(Letter(key: key, completion: completion))
        }
    }

    /// Puts an order in; there is always room for one.
    ///
    /// Loops have few to give each other (`ConnectionCensus.promise`).
    package func post(_ command: Command) {
        put { $0.commands.append(command) }
    }

    @discardableResult
    private func put(_ change: (inout Content) -> Void) -> Bool {
        let (isOpen, isFirst) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            let isFirst = state.content.isEmpty && !state.isAwake
            change(&state.content)
            return (true, isFirst && !state.content.isEmpty)
        }
        if isFirst { wake() }
        return isOpen
    }

    /// Puts a part of a task in; there is always room for one, for a connection has one task at most.
    ///
    /// Returns whether somebody will take it out.
    func post(_ job: UnownedJob) -> Bool {
        put { $0.jobs.append(job) }
    }

    /// Takes everything out.
    ///
    /// - Parameter comesBack: Whether the loop empties the mailbox again before it sleeps, so that until then nothing
    ///   that is put in has to wake it.
    /// - Returns: What was in it.
    package func empty(comesBack: Bool = false) -> Content {
        state.withLock { state in
            state.isAwake = comesBack
            if !state.abandoned.isEmpty {
                for letter in state.content.letters { state.abandoned.remove(letter.key) }
            }
            let content = state.content
            state.content = Content()
            return content
        }
    }

    /// Drops everything but tasks, now and from now on; returns what is left of those.
    package func close() -> [UnownedJob] {
        state.withLock { state in
            defer { state.content = Content() }
            state.isClosed = true
            return state.content.jobs
        }
    }

    /// Remembers, until its completion is taken out, that the client of `key` has closed its side.
    package func abandon(_ key: ExchangeKey) {
        state.withLock { state in
            guard state.abandoned.count < capacity else { return }
            state.abandoned.insert(key)
        }
    }

    /// Whether the client of `key` is known to have closed its side.
    package func isAbandoned(_ key: ExchangeKey) -> Bool {
        state.withLock { $0.isClosed || $0.abandoned.contains(key) }
    }
}

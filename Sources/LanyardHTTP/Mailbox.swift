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

        fileprivate var isEmpty: Bool { letters.isEmpty && commands.isEmpty }
    }

    private struct State {
        var content = Content()
        var abandoned: Set<ExchangeKey> = []
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

    private func put(_ change: (inout Content) -> Void) {
        let isFirst = state.withLock { state in
            guard !state.isClosed else { return false }
            let wasEmpty = state.content.isEmpty
            change(&state.content)
            return wasEmpty && !state.content.isEmpty
        }
        if isFirst { wake() }
    }

    /// Takes everything out.
    package func empty() -> Content {
        state.withLock { state in
            if !state.abandoned.isEmpty {
                for letter in state.content.letters { state.abandoned.remove(letter.key) }
            }
            let content = state.content
            state.content = Content()
            return content
        }
    }

    /// Drops everything, now and from now on.
    package func close() {
        state.withLock { state in
            state.isClosed = true
            state.content = Content()
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

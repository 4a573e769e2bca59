// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// Pending exchanges: each ends exactly once, whatever happens to its connection.
extension EventLoop {
    /// Changes the phase of a connection; an exchange that is still pending is abandoned.
    func move(_ connection: Connection, to phase: Connection.Phase) {
        if let exchange = connection.move(to: phase) { abandon(exchange, of: connection) }
    }

    /// Drops the completion of an exchange that is no longer pending, when it comes, and lets its ticket know.
    private func abandon(_ exchange: Connection.Exchange, of connection: Connection) {
        connection.abandonedSerial = exchange.serial
        noteEnd(of: exchange, on: connection)
    }

    /// Lets the ticket of a pending exchange know that the client has closed.
    func noteClientEnd(of connection: Connection) {
        if let exchange = connection.exchange { noteEnd(of: exchange, on: connection) }
    }

    /// Once the completion has come no ticket asks any more, and nothing would remove the note.
    private func noteEnd(of exchange: Connection.Exchange, on connection: Connection) {
        if !exchange.isDecided { parts.executor.mailbox.abandon(key(of: exchange, on: connection)) }
    }

    /// Completes the exchange that a letter is for, if its client is still there.
    func deliver(_ letter: Mailbox.Letter) {
        guard let (connection, pending) = awaited(letter.key) else { return }
        guard !pending.isDecided else { return reportSecondCompletion(on: connection, pending.id) }
        switch letter.completion {
        case .response(let response):
            complete(on: connection, with: response)
        case .work(let make):
            queue(letter.key, on: connection) { .respond(make()) }
        case .step(let step):
            queue(letter.key, on: connection, step)
        }
    }

    private func queue(_ key: ExchangeKey, on connection: Connection, _ step: @escaping @Sendable () -> Outcome) {
        connection.setDecided(true)
        work.append((key, step))
    }

    /// Runs one of the steps that take a core, if one waits and its client is still there.
    func runOneWork() {
        while let (key, step) = work.popFirst() {
            guard let (connection, _) = awaited(key) else { continue }
            switch step() {
            case .respond(let response):
                complete(on: connection, with: response)
            case .pending:
                connection.setDecided(false)
                // While the step was queued, nobody noted that the client had closed.
                if connection.isEnded { noteClientEnd(of: connection) }
            }
            return
        }
    }

    private func complete(on connection: Connection, with response: Response) {
        guard let exchange = connection.move(to: .open) else { return }
        finish(exchange, with: response, on: connection)
        proceed(with: connection)
    }

    /// Answers 500 in place of a handler that has not answered.
    func expire(_ connection: Connection) {
        guard let exchange = connection.move(to: .open) else { return settle(connection) }
        abandon(exchange, of: connection)
        var last = exchange
        last.form.isLast = true
        finish(last, with: parts.handler.refusal(of: .unanswered, head: exchange.head, id: exchange.id), on: connection)
        proceed(with: connection)
    }

    /// Returns the name that tickets and letters know `exchange` by.
    func key(of exchange: Connection.Exchange, on connection: Connection) -> ExchangeKey {
        ExchangeKey(slot: Int(connection.token.slot), serial: exchange.serial)
    }

    /// Returns the connection that waits for the completion of `key`, and the exchange; `nil` if it was abandoned.
    private func awaited(_ key: ExchangeKey) -> (Connection, Connection.Exchange)? {
        // Without a connection of its time in its slot, the exchange's client has gone.
        guard let connection = connections[key.slot], connection.firstSerial <= key.serial else { return nil }
        if let exchange = connection.exchange, exchange.serial == key.serial { return (connection, exchange) }
        if connection.abandonedSerial == key.serial {
            connection.abandonedSerial = nil
        } else {
            reportSecondCompletion(on: connection, nil)
        }
        return nil
    }

    /// Closes a connection of which an exchange was completed again: nobody knows whose answer the second one is.
    private func reportSecondCompletion(on connection: Connection, _ id: RequestID?) {
        close(connection)
        parts.handler.report(.completedTwice, id: id)
    }
}

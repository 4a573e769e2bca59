// SPDX-License-Identifier: Apache-2.0

internal import Dispatch

extension EventLoop {
    /// Hands a request to the handler, and writes the answer if there is one at once.
    func answer(_ head: RequestHead, _ body: [UInt8], on connection: Connection) {
        connection.requestCount += 1
        connection.deadline = .none
        let limit = configuration.maxRequestsPerConnection
        let exchange = Connection.Exchange(
            serial: nextSerial, id: ids.next(), method: head.method, minorVersion: head.minorVersion,
            startedAt: clock.nanoseconds, isLast: !head.keepsAlive || limit > 0 && connection.requestCount >= limit)
        nextSerial += 1
        let key = key(of: exchange, on: connection)
        let context = RequestContext(id: exchange.id, peer: connection.peer, receivedAt: clock.now)
        let request = Request(head: head, body: body, context: context)
        switch parts.handler.respond(to: request, ticket: ExchangeTicket(mailbox: parts.mailbox, key: key)) {
        case .respond(let response):
            finish(exchange, with: response, on: connection)
        case .pending:
            connection.phase = .awaiting(exchange)
            if connection.isEnded { abandonExchange(of: connection) }
        }
    }

    /// Lets the ticket of a pending exchange know that the client has closed.
    ///
    /// Once the completion has come nobody asks any more, and nothing would take the note away again.
    func abandonExchange(of connection: Connection) {
        guard let exchange = connection.exchange, !exchange.isDecided else { return }
        parts.mailbox.abandon(key(of: exchange, on: connection))
    }

    /// Writes the answer to bytes that are no request, after which nothing more is read as one.
    func refuse(_ connection: Connection, for error: RequestError) {
        let id = ids.next()
        let response = parts.handler.refusal(of: error, id: id)
        ResponseEncoder.encode(
            response, isHead: false, minorVersion: 1, id: id, date: clock.date, closing: true, into: &writeBuffer)
        end(connection)
        report(id, nil, response.status, since: clock.nanoseconds)
    }

    /// Completes the exchange that a letter is for, if its client is still there.
    func deliver(_ letter: Mailbox.Letter) {
        guard let (connection, exchange) = awaited(letter.key) else { return }
        precondition(!exchange.isDecided, Self.completedTwice)
        switch letter.completion {
        case .response(let response):
            finish(exchange, with: response, on: connection)
            proceed(with: connection)
        case .work(let make):
            var decided = exchange
            decided.isDecided = true
            connection.phase = .awaiting(decided)
            work.append((letter.key, make))
        }
    }

    /// Makes one of the answers that take a core, if one waits and its client is still there.
    func runOneWork() {
        while let (key, make) = work.popFirst() {
            guard let (connection, exchange) = awaited(key) else { continue }
            let response = make()
            finish(exchange, with: response, on: connection)
            return proceed(with: connection)
        }
    }

    /// Answers 500 in place of a handler that has not answered.
    func expire(_ exchange: Connection.Exchange, on connection: Connection) {
        connection.hasExpired = true
        abandonExchange(of: connection)
        var last = exchange
        last.isLast = true
        finish(last, with: parts.handler.refusal(of: .unanswered, id: exchange.id), on: connection)
        proceed(with: connection)
    }

    /// Returns the name that tickets and letters know `exchange` by.
    func key(of exchange: Connection.Exchange, on connection: Connection) -> ExchangeKey {
        ExchangeKey(slot: Int(connection.token.slot), serial: exchange.serial)
    }

    private func awaited(_ key: ExchangeKey) -> (Connection, Connection.Exchange)? {
        // Without a connection of its time in its slot, the exchange's client has gone.
        guard let connection = connections[key.slot], connection.firstSerial <= key.serial else { return nil }
        if let exchange = connection.exchange, exchange.serial == key.serial { return (connection, exchange) }
        precondition(connection.hasExpired, Self.completedTwice)
        return nil
    }

    private func finish(_ exchange: Connection.Exchange, with response: Response, on connection: Connection) {
        let isLast = exchange.isLast || isDraining
        ResponseEncoder.encode(
            response, isHead: exchange.method == .head, minorVersion: exchange.minorVersion, id: exchange.id,
            date: clock.date, closing: isLast, into: &writeBuffer)
        connection.phase = .open
        connection.deadline = .none
        if isLast { end(connection) }
        report(exchange.id, exchange.method, response.status, since: exchange.startedAt)
    }

    /// Lets the connection end after what is already written.
    private func end(_ connection: Connection) {
        connection.phase = .closing
        connection.input = ByteQueue()
        connection.hasUnparsedInput = false
    }

    private func report(_ id: RequestID, _ method: Method?, _ status: Int, since start: UInt64) {
        guard let onFinish = configuration.onFinish else { return }
        let nanoseconds = DispatchTime.now().uptimeNanoseconds - start
        onFinish(
            FinishedExchange(
                id: id, method: method, status: status, duration: .nanoseconds(Int64(clamping: nanoseconds))))
    }

    private static let completedTwice = "an exchange was completed twice"
}

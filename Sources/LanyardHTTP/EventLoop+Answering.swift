// SPDX-License-Identifier: Apache-2.0

internal import Dispatch

extension EventLoop {
    /// Hands a request to the handler, and writes the answer if there is one at once.
    func answer(_ head: RequestHead, _ body: [UInt8], on connection: Connection) {
        let exchange = begin(head, on: connection)
        let key = key(of: exchange, on: connection)
        let request = request(head, body, in: exchange, on: connection)
        let ticket = ExchangeTicket(
            mailbox: parts.mailbox, key: key, descriptor: connection.socket.descriptor.number)
        switch parts.handler.respond(to: request, ticket: ticket) {
        case .respond(let response):
            finish(exchange, with: response, on: connection)
        case .pending:
            connection.phase = .awaiting(exchange)
            if connection.isEnded { abandonExchange(of: connection) }
        }
    }

    /// Writes an answer that is ready.
    func answer(_ answer: PreparedAnswer, as form: AnswerForm, on connection: Connection) {
        let form = count(form, on: connection)
        let id = ids.next()
        ResponseEncoder.encode(answer, as: form, id: id, date: clock.date, into: &writeBuffer)
        connection.deadline = .none
        if form.isLast { end(connection) }
        report(id, form.isHead ? .head : .get, answer.status, since: clock.nanoseconds)
    }

    /// Lets the client send the content that it waits with, or tells it why there is no need to (RFC 9110 §10.1.1).
    func answerExpectation(_ head: RequestHead, on connection: Connection) {
        let exchange = begin(head, on: connection)
        guard let response = parts.handler.refusalBeforeContent(of: request(head, [], in: exchange, on: connection))
        else {
            connection.requestCount -= 1
            writeBuffer.append(contentsOf: ResponseEncoder.continueInterim)
            return
        }
        var last = exchange
        // The content may be on its way all the same, so there is no telling where the next request would begin.
        last.form.isLast = true
        connection.isDone = false
        finish(last, with: response, on: connection)
    }

    /// Opens the exchange of a request.
    private func begin(_ head: RequestHead, on connection: Connection) -> Connection.Exchange {
        let asked = AnswerForm(
            isHead: head.method == .head, minorVersion: head.minorVersion, isLast: !head.keepsAlive)
        let exchange = Connection.Exchange(
            serial: nextSerial, id: ids.next(), method: head.method, startedAt: clock.nanoseconds,
            form: count(asked, on: connection))
        nextSerial += 1
        connection.deadline = .none
        return exchange
    }

    /// Counts one more request of the connection, and returns the form of its answer.
    private func count(_ form: AnswerForm, on connection: Connection) -> AnswerForm {
        connection.requestCount += 1
        connection.isDone = form.isLast
        let limit = configuration.maxRequestsPerConnection
        var form = form
        form.isLast = form.isLast || isDraining || limit > 0 && connection.requestCount >= limit
        return form
    }

    private func request(
        _ head: RequestHead, _ body: [UInt8], in exchange: Connection.Exchange, on connection: Connection
    ) -> Request {
        let context = RequestContext(
            id: exchange.id, peer: connection.peer, isAnnounced: connection.isAnnounced, receivedAt: clock.now)
        return Request(head: head, body: body, context: context)
    }

    /// Lets the ticket of a pending exchange know that the client has closed.
    ///
    /// Once the completion has come nobody asks any more, and nothing would take the note away again.
    func abandonExchange(of connection: Connection) {
        guard let exchange = connection.exchange, !exchange.isDecided else { return }
        parts.mailbox.abandon(key(of: exchange, on: connection))
    }

    /// Writes the answer to bytes that are no request, after which nothing more is read as one.
    func refuse(_ connection: Connection, for error: RequestError, head: RequestHead? = nil) {
        let id = ids.next()
        let response = parts.handler.refusal(of: error, head: head, id: id)
        ResponseEncoder.encode(
            response, as: AnswerForm(isLast: true), id: id, date: clock.date, into: &writeBuffer)
        connection.isDone = false
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
        connection.hasForsaken = true
        abandonExchange(of: connection)
        var last = exchange
        last.form.isLast = true
        finish(last, with: parts.handler.refusal(of: .unanswered, head: nil, id: exchange.id), on: connection)
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
        precondition(connection.hasForsaken, Self.completedTwice)
        return nil
    }

    private func finish(_ exchange: Connection.Exchange, with response: Response, on connection: Connection) {
        var form = exchange.form
        form.isLast = form.isLast || isDraining
        ResponseEncoder.encode(response, as: form, id: exchange.id, date: clock.date, into: &writeBuffer)
        connection.phase = .open
        connection.deadline = .none
        if form.isLast { end(connection) }
        report(exchange.id, exchange.method, response.status, since: exchange.startedAt)
    }

    /// Lets the connection end after what is already written.
    func end(_ connection: Connection) {
        connection.phase = .closing
        if !connection.input.isEmpty { connection.isDone = false }
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

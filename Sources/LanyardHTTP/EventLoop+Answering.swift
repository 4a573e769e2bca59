// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import LanyardBase

extension EventLoop {
    /// Hands a request to the handler, and writes the answer if there is one at once.
    func answer(_ head: RequestHead, _ body: [UInt8], on connection: Connection) {
        let exchange = begin(head, on: connection)
        let key = key(of: exchange, on: connection)
        let request = request(head, body, in: exchange, on: connection)
        let ticket = ExchangeTicket(
            loop: parts.executor, key: key, descriptor: connection.socket.descriptor.number)
        switch parts.handler.respond(to: request, ticket: ticket) {
        case .respond(let response):
            finish(exchange, with: response, on: connection)
        case .pending:
            move(connection, to: .awaiting(exchange))
            if connection.isEnded { noteClientEnd(of: connection) }
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
            serial: nextSerial, id: ids.next(), head: head, startedAt: clock.nanoseconds,
            form: count(asked, on: connection), patience: configuration.answerTimeout)
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

    /// Writes the answer to bytes that are no request, after which nothing more is read as one.
    func refuse(_ connection: Connection, for error: RequestError) {
        let id = ids.next()
        let known = connection.input.withBytes { connection.partial?.parser.outline(of: $0) }
        let response = parts.handler.refusal(of: error, head: known?.head, id: id)
        let status = write(response, as: AnswerForm(isHead: known?.method == .head, isLast: true), id)
        connection.isDone = false
        end(connection)
        report(id, nil, status, since: clock.nanoseconds)
        closeReport(of: response, status: status, from: connection.peer, isAnnounced: connection.isAnnounced)
    }

    /// Writes the answer of an exchange that is not pending, or no longer.
    func finish(_ exchange: Connection.Exchange, with response: Response, on connection: Connection) {
        var form = exchange.form
        form.isLast = form.isLast || isDraining
        let status = write(response, as: form, exchange.id)
        connection.deadline = .none
        if form.isLast { end(connection) }
        report(exchange.id, exchange.head.method, status, since: exchange.startedAt)
        closeReport(
            of: response, status: status, from: connection.peer, isAnnounced: connection.isAnnounced,
            since: exchange.startedAt)
    }

    /// Writes a response, or a 500 in place of one that cannot be written.
    ///
    /// - Returns: The status that was written.
    func write(_ response: Response, as form: AnswerForm, _ id: RequestID) -> Int {
        var response = response
        if let defect = response.defect {
            parts.handler.report(.unwritableResponse(defect), id: id)
            response = parts.handler.refusal(of: .failed, head: nil, id: id)
            if response.defect != nil { response = Response(status: RequestError.failed.status) }
        }
        ResponseEncoder.write(response, as: form, id: id, date: clock.date, into: &writeBuffer)
        return response.status
    }

    /// Tells the handler that the client is sent `status` for `response`.
    func closeReport(
        of response: Response, status: Int, from peer: PeerAddress, isAnnounced: Bool = false,
        since start: UInt64? = nil
    ) {
        guard let report = response.report else { return }
        let duration = start.map(Self.duration(since:)) ?? .zero
        report.close(ExchangeEnd(status: status, duration: duration, peer: peer, isAnnounced: isAnnounced))
    }

    /// Returns the time since `start`, in nanoseconds of the monotonic clock; zero if that lies ahead.
    private static func duration(since start: UInt64) -> Duration {
        let now = DispatchTime.now().uptimeNanoseconds
        return now > start ? .nanoseconds(Int64(clamping: now - start)) : .zero
    }

    /// Lets the connection end after what is already written.
    func end(_ connection: Connection) {
        move(connection, to: .closing)
        if !connection.input.isEmpty { connection.isDone = false }
        connection.input = ByteQueue()
        connection.hasUnparsedInput = false
    }

    private func report(_ id: RequestID, _ method: Method?, _ status: Int, since start: UInt64) {
        guard let onFinish = configuration.onFinish else { return }
        onFinish(FinishedExchange(id: id, method: method, status: status, duration: Self.duration(since: start)))
    }
}

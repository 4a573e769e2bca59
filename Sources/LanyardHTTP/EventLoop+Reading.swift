// SPDX-License-Identifier: Apache-2.0

extension EventLoop {
    /// Does what can be done with `connection` in one turn: parses, answers, writes, reads, and sets its deadline.
    func proceed(with connection: Connection) {
        if connection.hasUnparsedInput { parseInput(of: connection) }
        flush(connection)
        var reads = 0
        while connection.isReadable, connection.takesBytes, reads < Self.readsPerTurn {
            reads += 1
            read(from: connection)
            flush(connection)
        }
        if connection.canGoOn, !connection.isUnfinished {
            connection.isUnfinished = true
            unfinished.append(connection.token)
        }
        settle(connection)
    }

    private func read(from connection: Connection) {
        switch connection.socket.receive(into: readBuffer) {
        case .bytes(let count):
            connection.hasReceived = true
            // Before anything is answered: whoever sees the answer can rely on it.
            forgetIdle(connection)
            // A short read has emptied the socket, and what comes later has an edge of its own. The end may have
            // shared this one, so after it was seen the reading goes on until it is met.
            if count < readBuffer.capacity, !connection.isEnded { connection.isReadable = false }
            take(count, from: connection)
        case .nothing:
            connection.isReadable = false
        case .end:
            connection.isReadable = false
            connection.hasReadEnd = true
            if connection.isLingering { close(connection) }
        case .broken:
            close(connection)
        }
    }

    private func take(_ count: Int, from connection: Connection) {
        if case .lingering(let bytes) = connection.phase {
            move(connection, to: .lingering(bytes: bytes - count))
            if count >= bytes { close(connection) }
            return
        }
        readBuffer.withBytes(count) { take($0, of: connection) }
    }

    /// Takes bytes of requests.
    func takePlain(_ bytes: Span<UInt8>, of connection: Connection) {
        guard connection.input.isEmpty else {
            connection.input.append(bytes)
            return parseInput(of: connection)
        }
        let consumed = parse(bytes, of: connection)
        if consumed < bytes.count { connection.input.append(bytes.extracting(consumed...)) }
    }

    private func parseInput(of connection: Connection) {
        // Taken out while it is parsed, because answering may look at the connection.
        var input = ByteQueue()
        swap(&input, &connection.input)
        let consumed = input.withBytes { parse($0, of: connection) }
        input.removeFirst(consumed)
        swap(&input, &connection.input)
    }

    /// Answers the requests in `bytes`, as far as they can be answered now.
    ///
    /// - Returns: How many bytes are done with.
    private func parse(_ bytes: Span<UInt8>, of connection: Connection) -> Int {
        let partial = connection.partial ?? sparePartial
        connection.partial = partial
        connection.hasUnparsedInput = false
        var consumed = 0
        var steps = 0
        var needsMore = false
        while connection.takesRequests, steps < Self.stepsPerTurn {
            let (step, count) = partial.parser.advance(
                over: bytes.extracting(consumed...), prepared: { parts.handler.preparedAnswer(to: $0, of: $1) },
                admit: { parts.handler.admit($0) })
            consumed += count
            steps += 1
            if case .needMore = step {
                needsMore = true
                break
            }
            take(step, of: connection)
            if !connection.isAnswerable, consumed < bytes.count { connection.isDone = false }
            if writeBuffer.count >= Self.flushThreshold { flush(connection) }
        }
        keep(partial, of: connection)
        guard connection.isAnswerable else { return bytes.count }
        connection.hasUnparsedInput = !needsMore && consumed < bytes.count
        return consumed
    }

    /// Does what a step of the parser asks for.
    private func take(_ step: RequestParser.Step, of connection: Connection) {
        switch step {
        case .needMore: break
        case .sendContinue(let head): answerExpectation(head, on: connection)
        case .request(let head, let body): answer(head, body, on: connection)
        case .prepared(let answer, let form): self.answer(answer, as: form, on: connection)
        case .refused(let error): refuse(connection, for: error)
        }
    }

    /// Leaves the parser with the connection if it holds part of a request, and takes it back if not.
    private func keep(_ partial: PartialRequest, of connection: Connection) {
        let isPristine = partial.parser.isPristine
        connection.partial = isPristine || !connection.isAnswerable ? nil : partial
        if partial === sparePartial, !isPristine {
            sparePartial = PartialRequest(limits: configuration.requestLimits)
        }
    }

    /// So many of the size of ``readBuffer`` that the end which follows some bytes is met at once.
    private static let readsPerTurn = 2
    /// So many requests that are answered from memory cost less than one signature.
    private static let stepsPerTurn = 16
}

extension Connection {
    /// Whether bytes are read only to be thrown away.
    var isLingering: Bool {
        guard case .lingering = phase else { return false }
        return true
    }

    /// Whether bytes may be read now.
    fileprivate var takesBytes: Bool { takesRequests && !hasUnparsedInput || isLingering }

    /// Whether there is something to do that no event will tell of.
    fileprivate var canGoOn: Bool { takesRequests && hasUnparsedInput || takesBytes && isReadable }

    /// Whether a further request may still be answered, now or later.
    var isAnswerable: Bool {
        switch phase {
        case .open, .awaiting: true
        case .closing, .lingering: false
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension EventLoop {
    /// Does everything that can be done with `connection` now: parses, answers, writes, reads, and sets its deadline.
    func proceed(with connection: Connection) {
        if connection.hasUnparsedInput { parseInput(of: connection) }
        flush(connection)
        var reads = 0
        while connection.isReadable, connection.takesRequests || connection.isLingering {
            guard reads < Self.readsPerTurn else {
                unfinished.append(connection.token)
                break
            }
            reads += 1
            read(from: connection)
            flush(connection)
        }
        settle(connection)
    }

    private func read(from connection: Connection) {
        switch connection.socket.receive(into: readBuffer) {
        case .bytes(let count):
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
            connection.phase = .lingering(bytes: bytes - count)
            if count >= bytes { close(connection) }
            return
        }
        readBuffer.withBytes(count) { bytes in
            guard connection.input.isEmpty else {
                connection.input.append(bytes)
                return parseInput(of: connection)
            }
            let consumed = parse(bytes, of: connection)
            if consumed < bytes.count { connection.input.append(bytes.extracting(consumed...)) }
        }
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
        var consumed = 0
        connection.hasUnparsedInput = false
        while connection.takesRequests {
            let rest = bytes.extracting(consumed...)
            let (step, count) = connection.parser.advance(over: rest) { parts.handler.bodyLimit(for: $0) }
            consumed += count
            switch step {
            case .needMore:
                return consumed
            case .sendContinue:
                writeBuffer.append(contentsOf: ResponseEncoder.continueInterim)
            case .request(let head, let body):
                answer(head, body, on: connection)
            case .refused(let error):
                refuse(connection, for: error)
            }
            if writeBuffer.count >= Self.flushThreshold { flush(connection) }
        }
        guard connection.isAnswerable else { return bytes.count }
        connection.hasUnparsedInput = consumed < bytes.count
        return consumed
    }

    private static let readsPerTurn = 16
}

extension Connection {
    /// Whether bytes are read only to be thrown away.
    var isLingering: Bool {
        guard case .lingering = phase else { return false }
        return true
    }

    /// Whether a further request may still be answered, now or later.
    fileprivate var isAnswerable: Bool {
        switch phase {
        case .open, .awaiting: true
        case .closing, .lingering: false
        }
    }
}

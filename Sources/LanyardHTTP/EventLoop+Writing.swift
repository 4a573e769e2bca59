// SPDX-License-Identifier: Apache-2.0

extension EventLoop {
    /// Sends what was written for `connection`; what the client has no room for stays with the connection.
    func flush(_ connection: Connection) {
        if !writeBuffer.isEmpty {
            guard isThere(connection) else { return discardWritten() }
            if connection.output.isEmpty {
                guard let sent = connection.socket.send(writeBuffer.span) else {
                    discardWritten()
                    return close(connection)
                }
                if sent < writeBuffer.count { connection.output.append(writeBuffer.span.extracting(sent...)) }
            } else {
                connection.output.append(writeBuffer.span)
            }
            discardWritten()
        }
        shutIfDone(connection)
    }

    /// Sends more of what the client had no room for.
    func sendOutput(of connection: Connection) {
        guard let sent = connection.output.withBytes({ connection.socket.send($0) }) else { return close(connection) }
        connection.output.removeFirst(sent)
        connection.outputProgress += sent
        if connection.outputProgress >= configuration.writeQuantum, connection.deadline == .write {
            connection.deadline = .none
        }
        shutIfDone(connection)
    }

    /// Takes leave of the connection and forgets it; the system closes it.
    func close(_ connection: Connection) {
        guard isThere(connection) else { return }
        abandonExchange(of: connection)
        if let place = connection.place { parts.census.leave(place) } else { refusalCount -= 1 }
        wheel.cancel(Int(connection.token.slot))
        connections.remove(connection)
        // Nothing that still holds the connection may go on with it.
        connection.phase = .closing
        connection.output = ByteQueue()
        connection.isReadable = false
    }

    /// Shuts the sending side and waits for the client's end, so that no reset overtakes the answer (RFC 9112 §9.6).
    func linger(_ connection: Connection) {
        // A client that said it would send no more cannot be reset by our not reading it.
        guard !connection.hasReadEnd, !connection.isDone || connection.isReadable else { return close(connection) }
        connection.socket.endSending()
        connection.phase = .lingering(bytes: configuration.lingerBytes)
    }

    /// Whether the connection has not been closed.
    func isThere(_ connection: Connection) -> Bool {
        connections[connection.token] != nil
    }

    private func shutIfDone(_ connection: Connection) {
        guard case .closing = connection.phase, connection.output.isEmpty, isThere(connection) else { return }
        linger(connection)
    }

    private func discardWritten() {
        if writeBuffer.capacity > 4 * Self.flushThreshold {
            writeBuffer = []
            writeBuffer.reserveCapacity(Self.flushThreshold)
        } else {
            writeBuffer.removeAll(keepingCapacity: true)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension EventLoop {
    /// Sends what was written for `connection`; what the client has no room for stays with the connection.
    func flush(_ connection: Connection) {
        if !writeBuffer.isEmpty {
            if isThere(connection) { transmitWritten(of: connection) }
            discardWritten()
        }
        shutIfDone(connection)
    }

    private func transmitWritten(of connection: Connection) {
        if let session = connection.tls {
            guard session.encrypt(writeBuffer.span, into: &sealedBuffer) else {
                // The session has failed; the alert that says so is all that it can still send.
                transmitSealed(of: connection)
                return end(connection)
            }
            // RFC 9112 §9.8; in the same write as the last answer.
            if case .closing = connection.phase { session.close(into: &sealedBuffer) }
            transmitSealed(of: connection)
        } else {
            transmit(writeBuffer, to: connection)
        }
    }

    /// Sends what TLS has made, if there is still somebody to send it to.
    func transmitSealed(of connection: Connection) {
        if !sealedBuffer.isEmpty, isThere(connection) { transmit(sealedBuffer, to: connection) }
        sealedBuffer.empty(keepingAtMost: Self.bufferRoom)
    }

    private func transmit(_ bytes: [UInt8], to connection: Connection) {
        guard connection.output.isEmpty else { return connection.output.append(bytes.span) }
        guard let sent = connection.socket.send(bytes.span) else { return close(connection) }
        guard sent < bytes.count else { return }
        connection.output.append(bytes.span.extracting(sent...))
        if connection.watch != nil { watch(connection) }
    }

    /// Has the poller tell what `connection` waits for.
    ///
    /// Room to write is asked for when it was missed once: a connection that never gets stuck has one event less.
    func watch(_ connection: Connection) {
        let watch = connection.output.isEmpty ? Poller.Watch.connection : .stuckConnection
        switch connection.watch {
        case nil:
            connection.watch = watch
            let isWatched = parts.poller.add(connection.socket.descriptor, as: watch, token: connection.token.bits)
            if !isWatched { close(connection) }
        case .connection where watch == .stuckConnection:
            connection.watch = watch
            parts.poller.change(connection.socket.descriptor, to: watch, token: connection.token.bits)
        default:
            break
        }
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

    /// Forgets the connection, without a word; the system closes it.
    func close(_ connection: Connection) {
        guard isThere(connection) else { return }
        // Nothing that still holds the connection may go on with it.
        move(connection, to: .closing)
        if let place = connection.place {
            parts.census.leave(place, of: connection.peer)
        } else {
            parts.census.leaveRefusal()
        }
        forgetIdle(connection)
        wheel.cancel(Int(connection.token.slot))
        connections.remove(connection)
        connection.output = ByteQueue()
        connection.isReadable = false
    }

    /// Shuts the sending side and waits for the client's end, so that no reset overtakes the answer (RFC 9112 §9.6).
    func linger(_ connection: Connection) {
        if let session = connection.tls {
            // RFC 9112 §9.8: without it the client cannot tell the end from a cut.
            session.close(into: &sealedBuffer)
            transmitSealed(of: connection)
            guard connection.output.isEmpty else {
                move(connection, to: .closing)
                return
            }
        }
        // A client that said it would send no more cannot be reset by our not reading it; under TLS it still says goodbye.
        guard !connection.hasReadEnd, !connection.isDone || connection.isReadable || connection.tls != nil else {
            return close(connection)
        }
        connection.socket.endSending()
        move(connection, to: .lingering(bytes: configuration.lingerBytes))
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
        writeBuffer.empty(keepingAtMost: Self.bufferRoom)
    }

    /// The most room that a buffer of the loop keeps for the next connection, in bytes.
    private static let bufferRoom = 4 * flushThreshold
}

extension [UInt8] {
    /// Removes every element; what was a rare size gives its memory back.
    fileprivate mutating func empty(keepingAtMost room: Int) {
        if capacity > room {
            self = []
        } else {
            removeAll(keepingCapacity: true)
        }
    }
}

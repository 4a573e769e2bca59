// SPDX-License-Identifier: Apache-2.0

extension EventLoop {
    /// Gives `connection` the deadline of the state that it is in, and closes it if nothing more can come.
    func settle(_ connection: Connection) {
        let before = connection.deadline
        schedule(connection)
        guard isThere(connection) else { return }
        updateIdle(connection, isNew: connection.deadline != before)
    }

    private func schedule(_ connection: Connection) {
        guard isThere(connection) else { return }
        switch connection.phase {
        case .awaiting(let exchange):
            schedule(.answer, after: exchange.patience, for: connection)
        case .lingering:
            schedule(.linger, after: configuration.lingerTimeout, for: connection)
        case .open where connection.output.isEmpty:
            settleOpen(connection)
        case .open, .closing:
            schedule(.write, after: configuration.writeTimeout, for: connection)
        }
    }

    private func settleOpen(_ connection: Connection) {
        if connection.hasReadEnd, !connection.hasUnparsedInput {
            // The client has said everything: either between requests, or in the middle of one (RFC 9112 §8).
            guard let error = connection.partial?.parser.endOfInput() else {
                linger(connection)
                return settle(connection)
            }
            refuse(connection, for: error)
            flush(connection)
            return settle(connection)
        }
        guard connection.opening == nil else {
            let patience = isDraining ? configuration.firstRequestPatience : configuration.handshakeTimeout
            return schedule(.opening, after: patience, for: connection)
        }
        let isFirst = connection.requestCount == 0
        switch connection.requestPhase {
        case .idle where isDraining:
            settleIdleDraining(connection)
        case .idle where isFirst:
            schedule(.first, at: endOfFirstHead(of: connection), for: connection)
        case .idle:
            schedule(.idle, after: configuration.idleTimeout, for: connection)
        case .head where isFirst:
            schedule(.head, at: endOfFirstHead(of: connection), for: connection)
        case .head:
            schedule(.head, after: configuration.headerTimeout, for: connection)
        case .body:
            schedule(.body, after: configuration.bodyTimeout, for: connection)
        }
    }

    /// Ends an idle connection, unless its first request may still be on the way.
    private func settleIdleDraining(_ connection: Connection) {
        guard connection.requestCount > 0 else {
            return schedule(.idle, after: configuration.firstRequestPatience, for: connection)
        }
        linger(connection)
        settle(connection)
    }

    /// When the head of the first request has to be whole: its time starts when the connection is accepted.
    private func endOfFirstHead(of connection: Connection) -> UInt64 {
        clock.milliseconds(after: configuration.headerTimeout) - (clock.milliseconds - connection.acceptedAt)
    }

    /// Sets a deadline, unless one for the same reason is running.
    private func schedule(_ deadline: Connection.Deadline, after duration: Duration, for connection: Connection) {
        schedule(deadline, at: clock.milliseconds(after: duration), for: connection)
    }

    private func schedule(_ deadline: Connection.Deadline, at instant: UInt64, for connection: Connection) {
        guard connection.deadline != deadline else { return }
        connection.deadline = deadline
        connection.outputProgress = 0
        wheel.schedule(Int(connection.token.slot), at: instant)
    }

    /// Does what is due: ends waits that were too long, accepts again, goes on draining.
    func meetDeadlines() {
        var expired: [Int] = []
        wheel.turn(to: clock.milliseconds, expired: &expired)
        for slot in expired {
            if let connection = connections[slot] { meetDeadline(of: connection) }
        }
        if let instant = acceptAgainAt, clock.milliseconds >= instant { resumeAccepting() }
        goOnDraining()
    }

    private func meetDeadline(of connection: Connection) {
        let deadline = connection.deadline
        connection.deadline = .none
        switch deadline {
        case .none:
            settle(connection)
        case .opening:
            close(connection)
        case .first, .idle:
            linger(connection)
            settle(connection)
        case .head, .body:
            refuse(connection, for: .timedOut)
            proceed(with: connection)
        case .answer:
            expire(connection)
        case .write:
            // Otherwise the system would go on holding the answer for a client that does not read.
            connection.socket.forgetUnsent()
            close(connection)
        case .linger:
            close(connection)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension EventLoop {
    /// Whether each answer is the last of its connection.
    var isDraining: Bool {
        switch drain {
        case .serving, .delayed: false
        case .shutting, .finishing, .ended: true
        }
    }

    /// Whether the loop has nothing left to do, for good.
    var hasEnded: Bool {
        switch drain {
        case .serving, .delayed, .shutting: false
        case .finishing: connections.count == 0
        case .ended: true
        }
    }

    /// Follows an order from the server.
    func obey(_ command: Mailbox.Command) {
        switch command {
        case .configure(let configuration):
            self.configuration = configuration
        case .evict:
            evictForOther()
        case .drain:
            guard case .serving = drain else { return }
            let until = clock.milliseconds(after: configuration.drainDelay)
            drain = .delayed(
                until: until, cutAt: clock.milliseconds(after: configuration.drainDelay + configuration.drainTimeout))
        case .stop:
            closeEverything()
        }
    }

    /// Takes the next step on the way to the end, if its time has come.
    func goOnDraining() {
        switch drain {
        case .serving, .ended:
            break
        case .delayed(let until, let cutAt):
            guard clock.milliseconds >= until else { return }
            for listener in listeners { listener.shutDoor() }
            drain = .shutting(until: min(clock.milliseconds + Self.handshakeMilliseconds, cutAt), cutAt: cutAt)
            forEachConnection { connection in
                // A request may lie in the socket with its event still to come.
                connection.isReadable = true
                switch connection.deadline {
                case .first, .idle, .opening: connection.deadline = .none
                default: break
                }
                proceed(with: connection)
            }
        case .shutting(let until, let cutAt):
            guard clock.milliseconds >= until else { return }
            drain = .finishing(cutAt: cutAt)
            stopAccepting()
        case .finishing(let cutAt):
            guard clock.milliseconds >= cutAt else { return }
            closeEverything()
        }
    }

    /// Closes the listeners, after everybody who has been let in by the system is taken over: closing resets them.
    private func stopAccepting() {
        if acceptAgainAt == nil {
            for listener in listeners { parts.poller.remove(listener.socket.descriptor) }
        }
        acceptAgainAt = nil
        for listener in listeners { acceptAll(from: listener) }
        listeners = []
    }

    private func closeEverything() {
        drain = .ended
        forEachConnection { close($0) }
        listeners = []
    }

    private func forEachConnection(_ body: (Connection) -> Void) {
        for slot in connections.indices {
            if let connection = connections[slot] { body(connection) }
        }
    }

    /// How long a client that has begun to connect may take to come in, from its end of the line to ours.
    private static let handshakeMilliseconds: UInt64 = 100
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

extension EventLoop {
    /// Takes in one of the connections that wait for each thing that the turn has to do, and leaves further ones to the next.
    ///
    /// One in a turn that has nothing else to do was measured to cost less than as many as there are: the try that finds
    /// nobody is spared, and by then more of those accepted have sent their request. It is also what lets loops share a
    /// listener evenly. In a long turn one would keep those who come waiting for those who are there.
    func acceptConnections(from listener: Listener) {
        for _ in 0..<acceptsInTurn {
            switch listener.socket.accept() {
            case .connection(let socket, let peer): takeIn(socket, from: peer)
            case .nobody: return
            case .lost: continue
            case .exhausted: return shedConnections(waitingAt: listener)
            }
        }
    }

    /// Takes in every connection that waits, before the listener is closed.
    func acceptAll(from listener: Listener) {
        for _ in 0..<Listener.backlog {
            switch listener.socket.accept() {
            case .connection(let socket, let peer): takeIn(socket, from: peer)
            case .lost: continue
            case .nobody: return
            case .exhausted:
                guard spare != nil else { return }
                spare = nil
            }
        }
    }

    private func takeIn(_ socket: consuming Socket, from peer: PeerAddress) {
        let place = place(for: peer)
        guard place != nil || parts.census.takeRefusal() else { return turnAway(socket, from: peer) }
        guard let token = connections.nextToken() else {
            if let place { parts.census.leave(place, of: peer) } else { parts.census.leaveRefusal() }
            return turnAway(socket, from: peer)
        }
        let connection = Connection(
            socket, from: peer,
            admission: Connection.Admission(
                token: token, firstSerial: nextSerial, place: place, instant: clock.milliseconds))
        connections.insert(connection)
        open(connection)
        // The first request is often here already; one that is answered and done with is never watched.
        connection.isReadable = true
        proceed(with: connection)
        if isThere(connection) { watch(connection) }
    }

    /// Returns a place for a connection, for which an idle one may be closed; `nil` if there is none.
    private func place(for peer: PeerAddress) -> ConnectionCensus.Place? {
        // Other loops may take the place that was made, and a limit that was lowered asks for many.
        for _ in 0..<64 {
            switch parts.census.take(for: peer, within: configuration) {
            case .place(let place): return place
            case .tooManyOfPeer: return nil
            case .full: guard makeRoom() else { return nil }
            }
        }
        return nil
    }

    /// Answers 503 and closes at once, for want of a place to wait for the client's end.
    private func turnAway(_ socket: consuming Socket, from peer: PeerAddress) {
        // What has to come before a request and its answer takes time, and there is no place to wait.
        guard configuration.tls == nil, !configuration.requiresProxyHeader(peer) else { return }
        let id = ids.next()
        let response = parts.handler.refusal(of: .tooManyConnections, head: nil, id: id)
        let status = write(response, as: AnswerForm(isLast: true), id)
        _ = socket.send(writeBuffer.span)
        writeBuffer.removeAll(keepingCapacity: true)
        socket.endSending()
        // What the client has sent is read, because closing over unread bytes resets (RFC 9112 §9.6).
        _ = socket.receive(into: readBuffer)
        closeReport(of: response, status: status, from: peer)
    }

    /// Uses the spare descriptor to refuse some of those who wait, then leaves the rest to the system for a moment.
    ///
    /// A listener with somebody waiting stays ready, so a loop that went on polling it would spin.
    private func shedConnections(waitingAt listener: Listener) {
        shedding: for _ in 0..<Self.shedAtOnce {
            guard spare != nil else { break }
            spare = nil
            switch listener.socket.accept() {
            case .connection(let socket, let peer): turnAway(socket, from: peer)
            case .lost: break
            case .nobody: break shedding
            case .exhausted: break shedding
            }
            spare = Descriptor.placeholder()
        }
        pauseAccepting()
        if spare == nil { spare = Descriptor.placeholder() }
    }

    /// Stops watching the listeners for a moment.
    private func pauseAccepting() {
        if acceptAgainAt == nil {
            for listener in listeners { parts.poller.remove(listener.socket.descriptor) }
        }
        acceptAgainAt = clock.milliseconds + Self.acceptPauseMilliseconds
    }

    /// Watches the listeners again.
    func resumeAccepting() {
        acceptAgainAt = nil
        if spare == nil { spare = Descriptor.placeholder() }
        for (index, listener) in listeners.enumerated() {
            let token = ConnectionToken(slot: Self.listenerSlot, generation: UInt32(index))
            let watch = listener.isShared ? Poller.Watch.sharedListener : .listener
            guard parts.poller.add(listener.socket.descriptor, as: watch, token: token.bits) else {
                // For want of memory or of watches (epoll_ctl(2)), which others may give back.
                return pauseAccepting()
            }
        }
    }

    private static let shedAtOnce = 16
    private static let acceptPauseMilliseconds: UInt64 = 100
}

// SPDX-License-Identifier: Apache-2.0

/// Idle connections, and how they make room for new ones.
extension EventLoop {
    /// Puts a connection where it belongs among the idle ones, or takes it out.
    ///
    /// - Parameters:
    ///   - connection: One whose deadline has just been looked at.
    ///   - isNew: Whether the deadline was set just now, so that the connection has been busy since the last time.
    func updateIdle(_ connection: Connection, isNew: Bool) {
        let slot = Int(connection.token.slot)
        let kind = connection.idleKind
        guard isNew || kind != idle.kind(of: slot) else { return }
        if let kind {
            idle.append(slot, as: kind, since: clock.nanoseconds)
        } else {
            idle.remove(slot)
        }
        publishIdle()
    }

    /// Takes a connection that is gone, or that its client has used, out of the idle ones.
    func forgetIdle(_ connection: Connection) {
        guard idle.kind(of: Int(connection.token.slot)) != nil else { return }
        idle.remove(Int(connection.token.slot))
        publishIdle()
    }

    /// Closes an idle connection, or has another loop close one, so that a new one has its place.
    ///
    /// - Returns: Whether there was one.
    func makeRoom() -> Bool {
        for kind in IdleList.Kind.allCases {
            let own = evictable(kind)
            // A loop that is slow to keep what was promised for it is not asked for more.
            if let other = parts.idleBoard.longestIdle(kind, except: parts.idleRow), other.since < own?.since ?? .max,
                parts.census.promise()
            {
                parts.idleBoard.requestEviction(from: other.row)
                return true
            }
            if let own {
                evict(own.connection)
                return true
            }
        }
        return false
    }

    /// Closes the idle connection that is the first to go; the order of another loop, which has given its place away.
    func evictForOther() {
        for kind in IdleList.Kind.allCases {
            guard let own = evictable(kind) else { continue }
            evict(own.connection)
            break
        }
        parts.census.settlePromise()
    }

    /// The longest idle connection of a kind whose client has not just sent something.
    private func evictable(_ kind: IdleList.Kind) -> (connection: Connection, since: UInt64)? {
        var candidate = idle.first(kind)
        for _ in 0..<Self.candidatesAtOnce {
            guard let (slot, since) = candidate else { return nil }
            if let connection = connections[slot], !connection.socket.hasUnread { return (connection, since) }
            candidate = idle.next(after: slot)
        }
        return nil
    }

    private func evict(_ connection: Connection) {
        if let session = connection.tls {
            session.close(into: &sealedBuffer)
            transmitSealed(of: connection)
        }
        close(connection)
    }

    private func publishIdle() {
        for kind in IdleList.Kind.allCases {
            let since = idle.first(kind)?.since ?? .max
            if parts.idleRow[kind] != since { parts.idleRow[kind] = since }
        }
    }

    /// How many idle connections are looked at for one whose client is silent.
    private static let candidatesAtOnce = 16
}

extension Connection {
    /// What an idle connection is good for; `nil` if it is not idle.
    ///
    /// Idle is a connection that waits for the first byte of a request, or of all. Half a request is not idle, nor is half a
    /// handshake.
    fileprivate var idleKind: IdleList.Kind? {
        guard let place, case .open = phase, output.isEmpty, !hasReadEnd, !isUnfinished else { return nil }
        if hasReceived {
            guard opening == nil, input.isEmpty, requestPhase == .idle else { return nil }
        }
        // What has a place by no address is of a trusted proxy, or of one that a socket file is shared with.
        if place == .anywhere { return .trusted }
        return hasReceived ? .used : .silent
    }
}

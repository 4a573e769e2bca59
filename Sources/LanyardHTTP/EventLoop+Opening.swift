// SPDX-License-Identifier: Apache-2.0

extension EventLoop {
    /// Sets out what `connection` goes through before its first request.
    func open(_ connection: Connection) {
        if configuration.requiresProxyHeader(connection.peer) {
            connection.opening = .proxyHeader
        } else {
            secure(connection)
        }
    }

    /// Takes what was read of a connection, in whatever state it is.
    func take(_ bytes: Span<UInt8>, of connection: Connection) {
        if connection.opening == .proxyHeader {
            takeProxyHeader(bytes, of: connection)
        } else if let session = connection.tls {
            takeSealed(bytes, session, of: connection)
        } else {
            takePlain(bytes, of: connection)
        }
    }

    /// Reads the PROXY header that the peer has to send before anything else, TLS included.
    private func takeProxyHeader(_ bytes: Span<UInt8>, of connection: Connection) {
        var input = ByteQueue()
        swap(&input, &connection.input)
        input.append(bytes)
        switch input.withBytes({ ProxyHeader.read($0) }) {
        case .needMore:
            connection.input = input
        case .malformed:
            // It may be a proxy that is set up differently, or a stranger: neither is owed an answer (PROXY protocol §2).
            close(connection)
        case .header(let source, let length):
            input.removeFirst(length)
            if let source { connection.peer = source }
            connection.isAnnounced = true
            connection.deadline = .none
            secure(connection)
            if !input.isEmpty { input.withBytes { take($0, of: connection) } }
        }
    }

    /// Begins TLS, if that is what the server speaks.
    private func secure(_ connection: Connection) {
        guard let context = configuration.tls else { return finishOpening(of: connection) }
        connection.tls = TLSSession(context)
        connection.opening = .handshake
    }

    private func finishOpening(of connection: Connection) {
        connection.opening = nil
        connection.deadline = .none
        if !connection.isAdmitted { refuse(connection, for: .tooManyConnections) }
    }

    /// Lets TLS have what was read, and takes what it makes of it.
    private func takeSealed(_ bytes: Span<UInt8>, _ session: TLSSession, of connection: Connection) {
        // The whole read goes through TLS before any of it is parsed. If the session has failed at its end, what came
        // before the failure is dropped with it: nothing could be answered, so nothing may be started either.
        let progress = session.receive(bytes, plaintext: &openedBuffer, reply: &sealedBuffer)
        guard progress != .failed else {
            openedBuffer.removeAll(keepingCapacity: true)
            transmitSealed(of: connection)
            return giveUp(session, of: connection)
        }
        if session.isEstablished, connection.opening == .handshake { finishOpening(of: connection) }
        takeOpened(of: connection)
        // What TLS has to say, and the answers to what came with it, leave in one write.
        if !writeBuffer.isEmpty { flush(connection) }
        transmitSealed(of: connection)
        guard isThere(connection) else { return }
        if progress == .ended {
            connection.hasReadEnd = true
            connection.isReadable = false
        }
    }

    private func takeOpened(of connection: Connection) {
        guard !openedBuffer.isEmpty else { return }
        // Taken out, because answering may look at the loop.
        var opened: [UInt8] = []
        swap(&opened, &openedBuffer)
        if connection.isAnswerable { takePlain(opened.span, of: connection) }
        opened.removeAll(keepingCapacity: true)
        swap(&opened, &openedBuffer)
    }

    /// Ends a connection whose TLS has failed; the alert is on its way.
    private func giveUp(_ session: TLSSession, of connection: Connection) {
        guard isThere(connection) else { return }
        if session.failure == .plainHTTP {
            // Whoever wrote http:// is told so in the language that they speak.
            connection.tls = nil
            connection.opening = nil
            return refuse(connection, for: .malformed(.notSecure))
        }
        connection.partial = nil
        end(connection)
    }
}

// SPDX-License-Identifier: Apache-2.0

extension EventLoop {
    /// Sets out what `connection` goes through before its first request.
    func open(_ connection: Connection) {
        connection.opening = configuration.requiresProxyHeader(connection.peer) ? .proxyHeader : nil
        goOnOpening(connection)
    }

    /// Takes bytes that came before the connection was open.
    func takeOpening(_ bytes: Span<UInt8>, _ opening: Connection.Opening, of connection: Connection) {
        switch opening {
        case .proxyHeader: takeProxyHeader(bytes, of: connection)
        }
    }

    /// Reads the PROXY header that the peer has to send before anything else, TLS included.
    private func takeProxyHeader(_ bytes: Span<UInt8>, of connection: Connection) {
        connection.input.append(bytes)
        var input = ByteQueue()
        swap(&input, &connection.input)
        switch input.withBytes({ ProxyHeader.read($0) }) {
        case .needMore:
            connection.input = input
        case .malformed:
            // It may be a proxy that is set up differently, or a stranger: neither is owed an answer (PROXY protocol §2).
            close(connection)
        case .header(let source, let length):
            input.removeFirst(length)
            if let source { connection.peer = source }
            connection.opening = nil
            goOnOpening(connection)
            input.withBytes { take($0, of: connection) }
        }
    }

    private func goOnOpening(_ connection: Connection) {
        guard connection.opening == nil, !connection.isAdmitted else { return }
        refuse(connection, for: .tooManyConnections)
    }
}

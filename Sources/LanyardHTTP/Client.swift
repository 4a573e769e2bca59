// SPDX-License-Identifier: Apache-2.0

/// A client for the few answers that commands need: one `GET`, one connection, no redirects, no cookies.
///
/// It blocks the thread that calls it, so it must not be used on a loop.
package struct Client: Sendable {
    private let timeout: Duration
    private let limitBytes: Int
    private let trust: ClientTrust

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - timeout: How long one answer may take in all: name, connection, handshake, request and answer.
    ///   - limitBytes: The most content that an answer may have.
    ///   - trust: Which servers are believed under `https`.
    package init(timeout: Duration = .seconds(5), limitBytes: Int = 262_144, trust: ClientTrust = .system) {
        self.timeout = timeout
        self.limitBytes = limitBytes
        self.trust = trust
    }

    /// Returns the answer to `GET` of `url`, whatever its status.
    ///
    /// Every address of the host is tried in the resolver's order, each for its share of the time. A redirect is an answer like any
    /// other: who is asked is decided by the caller alone (ASVS 15.3.2). Speaks `http`, and `https` from TLS 1.2 on.
    ///
    /// - Throws: ``ClientError``.
    package func get(_ url: String, through route: ClientRoute = .network) throws(ClientError) -> ClientResponse {
        let url = try ClientURL(url)
        let deadline = ClientDeadline(in: timeout)
        let stream = try open(url, route, before: deadline)
        try stream.send(Self.request(url), before: deadline)
        var parser = ResponseParser(limitBytes: limitBytes)
        while true {
            let piece = try stream.receive(before: deadline)
            guard !piece.isEmpty else { return try parser.finish() }
            if let response = try parser.take(piece) { return response }
        }
    }

    /// Opens the connection that the scheme of `url` asks for.
    private func open(
        _ url: ClientURL, _ route: ClientRoute, before deadline: ClientDeadline
    ) throws(ClientError) -> any ClientStream {
        guard url.isSecure else { return try connect(to: url, route, before: deadline) }
        // What is trusted is read first: without it nobody needs to be asked.
        let session = try TLSSession(context(), to: url.host)
        return try TLSStream(over: connect(to: url, route, before: deadline), session, before: deadline)
    }

    private func context() throws(ClientError) -> TLSClientContext {
        do throws(TLSConfigurationError) {
            return try TLSClientContext(trust)
        } catch {
            throw .unusableTrust(error)
        }
    }

    private func connect(
        to url: ClientURL, _ route: ClientRoute, before deadline: ClientDeadline
    ) throws(ClientError) -> PlainStream {
        let addresses =
            switch route {
            case .network: try ResolvedAddress.all(of: url.host, port: url.port, before: deadline)
            case .unix(let path): [try ResolvedAddress(socketFile: path)]
            }
        return try Attempts.first(of: addresses, before: deadline) { address, deadline throws(ClientError) in
            try PlainStream(to: address, before: deadline)
        }
    }

    private static func request(_ url: ClientURL) -> [UInt8] {
        var request = Array("GET ".utf8) + url.target + Array(" HTTP/1.1\r\nHost: ".utf8) + url.authority
        request += Array("\r\nUser-Agent: lanyard\r\nAccept: */*\r\nConnection: close\r\n\r\n".utf8)
        return request
    }
}

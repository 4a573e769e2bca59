// SPDX-License-Identifier: Apache-2.0

/// A client for the few answers that commands need: one `GET`, one connection, no redirects, no cookies.
///
/// It blocks the thread that calls it, so it must not be used on a loop.
package struct Client: Sendable {
    private let timeout: Duration
    private let limitBytes: Int

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - timeout: How long one answer may take in all: name, connection, request and answer.
    ///   - limitBytes: The most content that an answer may have.
    package init(timeout: Duration = .seconds(5), limitBytes: Int = 262_144) {
        self.timeout = timeout
        self.limitBytes = limitBytes
    }

    /// Returns the answer to `GET` of `url`, whatever its status.
    ///
    /// Every address of the host is tried in the resolver's order, each for its share of the time. A redirect is an answer like any
    /// other: who is asked is decided by the caller alone (ASVS 15.3.2). Speaks `http` only.
    ///
    /// - Throws: ``ClientError``.
    package func get(_ url: String) throws(ClientError) -> ClientResponse {
        let url = try ClientURL(url)
        let deadline = ClientDeadline(in: timeout)
        let stream = try open(url, before: deadline)
        try stream.send(Self.request(url), before: deadline)
        var parser = ResponseParser(limitBytes: limitBytes)
        while true {
            let piece = try stream.receive(before: deadline)
            guard !piece.isEmpty else { return try parser.finish() }
            if let response = try parser.take(piece) { return response }
        }
    }

    /// Opens the connection that the scheme of `url` asks for.
    private func open(_ url: ClientURL, before deadline: ClientDeadline) throws(ClientError) -> any ClientStream {
        guard !url.isSecure else { throw .unsupportedScheme }
        return try connect(to: url, before: deadline)
    }

    private func connect(to url: ClientURL, before deadline: ClientDeadline) throws(ClientError) -> PlainStream {
        let addresses = try ResolvedAddress.all(of: url.host, port: url.port, before: deadline)
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

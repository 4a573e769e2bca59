// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// A client over TLS that survives whatever the server does to its connection.
final class FuzzedClient {
    let peer: TLSTestPeer
    private let socket: RawClient
    private(set) var answers: [Answer] = []
    private var unparsed: [UInt8] = []
    /// Whether the server has closed, or reset, the connection.
    private(set) var hasEnded = false

    /// One whole answer.
    struct Answer: Equatable {
        let status: Int
        /// The number of the request that it answers.
        let number: Int?
    }

    /// Connects to `running` with the abilities of `model`, and finishes the handshake.
    init(to running: RunningServer, like model: TLSTestPeer) throws {
        peer = TLSTestPeer(like: model)
        socket = try running.connect()
        send(peer.output())
        while !peer.isEstablished {
            guard peer.failure == nil, !hasEnded else { throw Trouble("has no handshake: \(peer.failure ?? "")") }
            try receive()
            send(peer.output())
        }
    }

    /// Sends `bytes` in one segment.
    func send(_ bytes: [UInt8]) {
        guard !bytes.isEmpty, !hasEnded else { return }
        do { try socket.send(bytes) } catch { hasEnded = true }
    }

    func endSending() { socket.endSending() }

    func reset() {
        socket.reset()
        hasEnded = true
    }

    func close() {
        socket.close()
        hasEnded = true
    }

    /// Takes what the server has sent so far.
    func receiveWhatIsThere() throws {
        while !hasEnded, socket.hasSomething(within: 0) { try receive() }
    }

    /// Waits for something from the server, and takes it.
    func receive() throws {
        do {
            let bytes = try socket.read()
            if bytes.isEmpty { hasEnded = true } else { peer.take(bytes) }
        } catch RawClient.Failure.reset {
            hasEnded = true
        }
        unparsed += peer.takePlaintext()
        while let answer = try nextAnswer() { answers.append(answer) }
    }

    private func nextAnswer() throws -> Answer? {
        guard let end = unparsed.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound else { return nil }
        guard let response = RawResponse(head: unparsed[..<end]) else {
            throw Trouble("has no answer but: \(String(decoding: unparsed.prefix(200), as: UTF8.self))")
        }
        let length = response["content-length"].flatMap { Int($0) } ?? 0
        guard unparsed.count - end >= length else { return nil }
        unparsed.removeFirst(end + length)
        return Answer(status: response.status, number: response["number"].flatMap { Int($0) })
    }
}

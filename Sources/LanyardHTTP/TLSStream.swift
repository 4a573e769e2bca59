// SPDX-License-Identifier: Apache-2.0

/// A connection of a client under TLS.
final class TLSStream: ClientStream {
    private let carrier: any ClientStream
    private let session: TLSSession
    /// What was decrypted and not yet asked for.
    private var received: [UInt8] = []

    /// Makes the handshake on a new connection.
    init(over carrier: any ClientStream, _ session: TLSSession, before deadline: ClientDeadline) throws(ClientError) {
        self.carrier = carrier
        self.session = session
        try take([], before: deadline)
        while !session.isEstablished { try takeNext(before: deadline) }
    }

    deinit {
        // RFC 8446 §6.1: who closes says so. Nobody waits for it.
        var farewell: [UInt8] = []
        session.close(into: &farewell)
        try? carrier.send(farewell, before: ClientDeadline(in: .zero))
    }

    func send(_ bytes: [UInt8], before deadline: ClientDeadline) throws(ClientError) {
        var ciphertext: [UInt8] = []
        guard session.encrypt(bytes.span, into: &ciphertext) else { throw .disconnected }
        try carrier.send(ciphertext, before: deadline)
    }

    func receive(before deadline: ClientDeadline) throws(ClientError) -> [UInt8] {
        while received.isEmpty, session.progress != .ended { try takeNext(before: deadline) }
        defer { received = [] }
        return received
    }

    /// Takes what the connection brings next.
    ///
    /// RFC 9112 §9.8: without the server's close_notify the end of a connection may be anybody's doing, so nothing that only
    /// the end would make whole is whole.
    private func takeNext(before deadline: ClientDeadline) throws(ClientError) {
        // A server can go on for ever with what is no data, such as tickets, and never be waited for.
        guard !deadline.hasPassed else { throw .timedOut }
        let piece = try carrier.receive(before: deadline)
        guard !piece.isEmpty else { throw .disconnected }
        try take(piece, before: deadline)
    }

    private func take(_ piece: [UInt8], before deadline: ClientDeadline) throws(ClientError) {
        var reply: [UInt8] = []
        let progress = session.receive(piece.span, plaintext: &received, reply: &reply)
        guard progress == .failed else { return try carrier.send(reply, before: deadline) }
        // The alert is a courtesy; the reason counts.
        try? carrier.send(reply, before: deadline)
        switch session.failure {
        case .untrusted(let reason): throw .untrusted(reason: reason)
        case .protocolError(let reason): throw .tlsFailed(reason: reason)
        case .plainHTTP, nil: throw .tlsFailed(reason: "unknown error")
        }
    }
}

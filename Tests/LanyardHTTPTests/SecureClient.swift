// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// OpenSSL's own client over a socket; every wait ends as ``RawClient``'s do.
final class SecureClient {
    let socket: RawClient
    let peer: TLSTestPeer
    private var taken = 0

    /// Begins a handshake over `socket`, and finishes it.
    init(over socket: RawClient, _ abilities: TLSTestPeer.Abilities = .init()) throws {
        self.socket = socket
        peer = TLSTestPeer(abilities)
        try socket.send(peer.output())
        while !peer.isEstablished, peer.failure == nil {
            try takeSome()
            try socket.send(peer.output())
        }
    }

    func send(_ text: String) throws {
        _ = peer.write(Array(text.utf8))
        try socket.send(peer.output())
    }

    /// Returns the next `count` bytes of what the server said.
    func read(_ count: Int) throws -> String {
        while peer.plaintext.count < taken + count { try takeSome() }
        defer { taken += count }
        return String(decoding: peer.plaintext[taken..<taken + count], as: UTF8.self)
    }

    /// Returns what the server says until it closes.
    func readToEnd() throws -> String {
        while try takeSome() {}
        defer { taken = peer.plaintext.count }
        return String(decoding: peer.plaintext[taken...], as: UTF8.self)
    }

    @discardableResult private func takeSome() throws -> Bool {
        let bytes = try socket.read()
        peer.take(bytes)
        guard bytes.isEmpty else { return true }
        guard !peer.isEstablished else { return false }
        throw RawClient.Failure.endedEarly(after: [])
    }
}

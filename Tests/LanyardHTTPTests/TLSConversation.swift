// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import TestSupport

/// A client of OpenSSL's and a session of ours, with the wire between them in the test's hands.
final class TLSConversation {
    let peer: TLSTestPeer
    let session: TLSSession

    /// What the client said, decrypted.
    private(set) var plaintext: [UInt8] = []
    /// The bytes that went to the client, in order.
    private(set) var sent: [UInt8] = []

    init(_ context: TLSServerContext, _ abilities: TLSTestPeer.Abilities = .init()) {
        peer = TLSTestPeer(abilities)
        session = TLSSession(context)
    }

    /// Lets both sides speak until neither has anything to say; what the client sends arrives in pieces.
    func run(pieceBytes: Int = .max) {
        while true {
            let bytes = peer.output()
            guard !bytes.isEmpty else { return }
            deliver(bytes, pieceBytes: pieceBytes)
        }
    }

    /// Gives bytes to the session, and its replies to the client.
    func deliver(_ bytes: [UInt8], pieceBytes: Int = .max) {
        var start = 0
        while start < bytes.count {
            let end = start + min(pieceBytes, bytes.count - start)
            var reply: [UInt8] = []
            _ = session.receive(bytes.span.extracting(start..<end), plaintext: &plaintext, reply: &reply)
            start = end
            send(reply)
        }
    }

    /// Encrypts for the client and delivers.
    func answer(_ text: [UInt8]) -> Bool {
        var ciphertext: [UInt8] = []
        guard session.encrypt(text.span, into: &ciphertext) else { return false }
        send(ciphertext)
        return true
    }

    func close() {
        var ciphertext: [UInt8] = []
        session.close(into: &ciphertext)
        send(ciphertext)
    }

    private func send(_ bytes: [UInt8]) {
        sent += bytes
        if !bytes.isEmpty { peer.take(bytes) }
    }
}

extension TLSServerContext {
    /// The context of `certificate` alone.
    convenience init(_ certificate: TestCertificate) throws(TLSConfigurationError) {
        try self.init(certificatePEM: certificate.pem, keyPEM: certificate.keyPEM)
    }
}

// SPDX-License-Identifier: Apache-2.0

import CLibssl
import LanyardHTTP
import TestSupport
import Testing

@Suite struct `A TLS session` {
    typealias Abilities = TLSTestPeer.Abilities

    static let context: TLSServerContext = {
        guard let context = try? TLSServerContext(TestCertificate()) else { preconditionFailure("a good pair") }
        return context
    }()

    static let rsaContext: TLSServerContext = {
        guard let context = try? TLSServerContext(TestCertificate(.rsa(bits: 2_048))) else {
            preconditionFailure("a good pair")
        }
        return context
    }()

    private static let byte: [UInt8] = [1]

    private static func only(_ version: Int32) -> Abilities {
        var abilities = Abilities()
        abilities.lowest = version
        abilities.highest = version
        return abilities
    }

    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION], [1, 2, 3, 5, 7, 64, 1_000, Int.max])
    func `says the same however the bytes are cut`(version: Int32, pieceBytes: Int) {
        let conversation = TLSConversation(Self.context, Self.only(version))
        conversation.run(pieceBytes: pieceBytes)
        #expect(conversation.session.isEstablished)
        let request = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(conversation.peer.write(request))
        conversation.run(pieceBytes: pieceBytes)
        #expect(conversation.plaintext == request)
        let answer = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 17) }
        #expect(conversation.answer(answer))
        #expect(conversation.peer.plaintext == answer)
        conversation.close()
        #expect(conversation.peer.hasEnded)
        conversation.peer.close()
        conversation.run(pieceBytes: pieceBytes)
        #expect(conversation.session.progress == .ended)
    }

    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func `can be cut in two at every byte of the handshake`(version: Int32) {
        var cut = 1
        var longest = 1
        while cut < longest + 1 {
            let conversation = TLSConversation(Self.context, Self.only(version))
            while true {
                let bytes = conversation.peer.output()
                guard !bytes.isEmpty else { break }
                longest = max(longest, bytes.count)
                conversation.deliver(Array(bytes.prefix(cut)))
                conversation.deliver(Array(bytes.dropFirst(cut)))
            }
            #expect(conversation.session.isEstablished, "cut at \(cut)")
            cut += 1
        }
        #expect(longest > 100)
    }

    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func `reads what came together with the end of the handshake`(version: Int32) {
        let conversation = TLSConversation(Self.context, Self.only(version))
        conversation.deliver(conversation.peer.output())
        if version == TLS1_3_VERSION {
            // The client has sent its Finished and may speak at once.
            #expect(conversation.peer.isEstablished)
            let requests = Array("GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n".utf8)
            #expect(conversation.peer.write(Array(requests.prefix(20))))
            #expect(conversation.peer.write(Array(requests.dropFirst(20))))
            conversation.deliver(conversation.peer.output())
            #expect(conversation.plaintext == requests)
        } else {
            conversation.run()
        }
        #expect(conversation.session.isEstablished)
    }

    @Test func `answers nothing before the handshake is over`() {
        let session = TLSSession(Self.context)
        var output: [UInt8] = []
        #expect(!session.encrypt(Self.byte.span, into: &output))
        session.close(into: &output)
        #expect(output.isEmpty)
        #expect(!session.isEstablished)
    }

    @Test func `says that it closes once, and nothing after it`() {
        let conversation = TLSConversation(Self.context)
        conversation.run()
        var output: [UInt8] = []
        conversation.session.close(into: &output)
        #expect(!output.isEmpty)
        let count = output.count
        conversation.session.close(into: &output)
        #expect(!conversation.session.encrypt(Self.byte.span, into: &output))
        #expect(output.count == count)
    }

    @Test func `can answer a client that has closed its side`() {
        let conversation = TLSConversation(Self.context)
        conversation.run()
        #expect(conversation.peer.write([1]))
        conversation.peer.close()
        conversation.run()
        #expect(conversation.session.progress == .ended)
        #expect(conversation.plaintext == [1])
        #expect(conversation.answer([2, 3]))
        #expect(conversation.peer.plaintext == [2, 3])
    }

    @Test func `throws away what follows the end`() {
        let conversation = TLSConversation(Self.context)
        conversation.run()
        conversation.peer.close()
        var bytes = conversation.peer.output()
        bytes += [0x17, 3, 3, 0, 1, 0]
        conversation.deliver(bytes)
        conversation.deliver([0x17, 3, 3, 0, 1, 0])
        #expect(conversation.session.progress == .ended)
        #expect(conversation.plaintext.isEmpty)
    }

    @Test func `keeps what the arrays held before`() {
        let conversation = TLSConversation(Self.context)
        conversation.run()
        #expect(conversation.peer.write([7]))
        let bytes = conversation.peer.output()
        let nothing: [UInt8] = []
        var plaintext: [UInt8] = [1], reply: [UInt8] = [2], ciphertext: [UInt8] = [3]
        _ = conversation.session.receive(bytes.span, plaintext: &plaintext, reply: &reply)
        #expect(plaintext == [1, 7])
        #expect(reply == [2])
        #expect(conversation.session.encrypt(nothing.span, into: &ciphertext))
        #expect(ciphertext == [3])
        #expect(conversation.session.encrypt(Self.byte.span, into: &ciphertext))
        #expect(ciphertext.starts(with: [3, 0x17]))
        conversation.peer.take(Array(ciphertext.dropFirst()))
        #expect(conversation.peer.plaintext == [1])
    }

    @Test func `changes keys when it is asked to`() {
        let conversation = TLSConversation(Self.context, Self.only(TLS1_3_VERSION))
        conversation.run()
        for round: UInt8 in 0..<20 {
            conversation.peer.updateKeys()
            #expect(conversation.peer.write([round]))
            conversation.run()
            #expect(conversation.answer([round]))
        }
        #expect(conversation.plaintext == Array(0..<20))
        #expect(conversation.peer.plaintext == Array(0..<20))
    }

    @Test func `refuses to renegotiate, and goes on with the session`() {
        let conversation = TLSConversation(Self.context, Self.only(TLS1_2_VERSION))
        conversation.run()
        conversation.peer.renegotiate()
        let hello = conversation.peer.output()
        #expect(hello.first == 0x16)
        var plaintext: [UInt8] = [], reply: [UInt8] = []
        #expect(conversation.session.receive(hello.span, plaintext: &plaintext, reply: &reply) == .open)
        // One alert, which says nothing of a handshake, and data goes on.
        #expect(reply.first == 0x15)
        #expect(conversation.session.encrypt(Self.byte.span, into: &reply))
        conversation.peer.take(reply)
        #expect(conversation.peer.failure == "no renegotiation")
    }

    @Test func `knows a request without TLS`() {
        for text in ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "POST /login HTTP/1.1\r\n\r\n", "HEAD / HTTP/1.1\r\n\r\n"] {
            for pieceBytes in [1, 3, .max] {
                let conversation = TLSConversation(Self.context)
                conversation.deliver(Array(text.utf8), pieceBytes: pieceBytes)
                #expect(conversation.session.progress == .failed)
                #expect(conversation.session.failure == .plainHTTP)
                #expect(conversation.sent.isEmpty)
            }
        }
        let conversation = TLSConversation(Self.context)
        conversation.deliver(Array("SSH-2.0-x\r\n".utf8))
        #expect(conversation.session.failure == .protocolError(reason: "wrong version number"))
    }
}

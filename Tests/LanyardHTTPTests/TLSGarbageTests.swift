// SPDX-License-Identifier: Apache-2.0

import CLibssl
import LanyardHTTP
import TestSupport
import Testing

@Suite struct `A TLS session under attack` {
    private static let context = `A TLS session`.context

    /// A generator whose numbers are the same in every run (SplitMix64).
    struct SeededNumbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func `lives through handshakes with changed bytes`(version: Int32) {
        var numbers = SeededNumbers(state: UInt64(version))
        var failures = 0
        for _ in 0..<1_500 {
            var abilities = TLSTestPeer.Abilities()
            abilities.highest = version
            let conversation = TLSConversation(Self.context, abilities)
            let changedFlight = Int.random(in: 0...1, using: &numbers)
            for flight in 0..<4 {
                var bytes = conversation.peer.output()
                guard !bytes.isEmpty else { break }
                if flight == changedFlight { Self.change(&bytes, using: &numbers) }
                conversation.deliver(bytes, pieceBytes: Int.random(in: 1...2_000, using: &numbers))
            }
            if conversation.session.progress == .failed {
                failures += 1
                #expect(conversation.session.failure != nil)
                #expect(!conversation.answer([1]))
                conversation.close()
            }
        }
        #expect(failures > 500)
    }

    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func `decrypts nothing that was changed on the way`(version: Int32) {
        var numbers = SeededNumbers(state: UInt64(version) &+ 9)
        let request = Array("GET / HTTP/1.1\r\n\r\n".utf8)
        for _ in 0..<500 {
            var abilities = TLSTestPeer.Abilities()
            abilities.highest = version
            let conversation = TLSConversation(Self.context, abilities)
            conversation.run()
            #expect(conversation.peer.write(request))
            var bytes = conversation.peer.output()
            let index = Int.random(in: 0..<bytes.count, using: &numbers)
            bytes[index] ^= UInt8.random(in: 1...255, using: &numbers)
            conversation.deliver(bytes)
            #expect(conversation.plaintext.isEmpty, "byte \(index)")
        }
    }

    @Test func `lives through noise`() {
        var numbers = SeededNumbers(state: 3)
        for _ in 0..<3_000 {
            let conversation = TLSConversation(Self.context)
            var bytes = (0..<Int.random(in: 1...300, using: &numbers)).map { _ in
                UInt8.random(in: 0...255, using: &numbers)
            }
            // Half of it looks like a handshake record at first.
            if Bool.random(using: &numbers) { bytes.replaceSubrange(0..<1, with: [22, 3, 1, 0, 200, 1, 0, 0, 196]) }
            conversation.deliver(bytes, pieceBytes: Int.random(in: 1...300, using: &numbers))
            #expect(!conversation.session.isEstablished)
            #expect(conversation.plaintext.isEmpty)
        }
    }

    private static func change(_ bytes: inout [UInt8], using numbers: inout SeededNumbers) {
        for _ in 0...Int.random(in: 0...2, using: &numbers) {
            let index = Int.random(in: 0..<bytes.count, using: &numbers)
            switch Int.random(in: 0..<4, using: &numbers) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
            case 1: bytes[index] = UInt8.random(in: 0...255, using: &numbers)
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &numbers), at: index)
            default: if bytes.count > 1 { bytes.remove(at: index) }
            }
        }
    }
}

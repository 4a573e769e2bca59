// SPDX-License-Identifier: Apache-2.0

import Dispatch
import LanyardBase
import LanyardCrypto
import Testing

@Suite struct `A signer` {
    @Test(arguments: SigningAlgorithm.allCases)
    func `makes what its key's public half accepts, again and again`(algorithm: SigningAlgorithm) throws {
        let key = try PrivateKey.generate(algorithm, rsaBits: 2_048)
        let signer = try Signer(key)
        #expect(signer.algorithm == algorithm)
        for length in [0, 1, 63, 64, 700, 100_000] {
            let message = [UInt8](repeating: UInt8(truncatingIfNeeded: length), count: length)
            let signature = try signer.sign(message)
            #expect(signature.count == (algorithm.usesRSA ? 256 : 64))
            #expect(try key.publicKey.isValidSignature(signature, for: message))
            #expect(try !key.publicKey.isValidSignature(signature, for: message + [0]))
        }
    }

    @Test(arguments: SigningAlgorithm.allCases)
    func `makes what the key itself makes`(algorithm: SigningAlgorithm) throws {
        let key = try PrivateKey.generate(algorithm, rsaBits: 2_048)
        let message = Array("the message".utf8)
        let isDeterministic = algorithm == .rs256 || algorithm == .edDSA
        #expect(try (Signer(key).sign(message) == key.sign(message)) == isDeterministic)
    }

    @Test(arguments: SigningAlgorithm.allCases)
    func `leaves others alone that sign or check with the same key at the same time`(
        algorithm: SigningAlgorithm
    ) throws {
        let key = try PrivateKey.generate(algorithm, rsaBits: 2_048)
        let wrong = Guarded(0)
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            do {
                let signer = try Signer(key)
                for round in 0..<50 {
                    let message = [UInt8(thread), UInt8(round)]
                    let isGood = try key.publicKey.isValidSignature(signer.sign(message), for: message)
                    let isBad = try key.publicKey.isValidSignature(signer.sign(message), for: message + [0])
                    if !isGood || isBad { wrong.withLock { $0 += 1 } }
                }
            } catch {
                wrong.withLock { $0 += 1 }
            }
        }
        #expect(wrong.withLock { $0 } == 0)
    }
}

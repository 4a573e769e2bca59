// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCrypto
import Testing

@Suite struct `A sealed box` {
    static let cipher = AES256GCM(key: Secret(SecureRandom.bytes(32)))
    static let context = Array("account 1".utf8)

    @Test(arguments: [0, 1, 16, 1_000])
    func `opens under the same key and context`(byteCount: Int) throws {
        let plaintext = SecureRandom.bytes(byteCount)
        let box = try Self.cipher.seal(plaintext, context: Self.context)
        #expect(box.count == byteCount + AES256GCM.overheadByteCount)
        #expect(try Self.cipher.open(box, context: Self.context) == plaintext)
    }

    @Test func `never looks the same twice`() throws {
        let first = try Self.cipher.seal([1, 2, 3], context: Self.context)
        let second = try Self.cipher.seal([1, 2, 3], context: Self.context)
        #expect(first != second)
    }

    @Test func `stays shut for another key, another row, or any changed byte`() throws {
        let box = try Self.cipher.seal([1, 2, 3, 4], context: Self.context)
        let other = AES256GCM(key: Secret(SecureRandom.bytes(32)))
        #expect(throws: CryptoError.brokenSeal) { try other.open(box, context: Self.context) }
        #expect(throws: CryptoError.brokenSeal) { try Self.cipher.open(box, context: Array("account 2".utf8)) }
        #expect(throws: CryptoError.brokenSeal) { try Self.cipher.open([], context: Self.context) }
        #expect(throws: CryptoError.brokenSeal) { try Self.cipher.open(box.dropLast(), context: Self.context) }
        for index in box.indices {
            var changed = box
            changed[index] ^= 0x80
            #expect(throws: CryptoError.brokenSeal) { try Self.cipher.open(changed, context: Self.context) }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import Testing

@Suite struct `Wiping` {
    @Test(arguments: [0, 1, 7, 4_096])
    func `leaves zeros, in place`(count: Int) {
        var bytes = [UInt8](repeating: 0xA5, count: count)
        let before = unsafe bytes.withUnsafeBufferPointer { $0.baseAddress }
        wipe(&bytes)
        let after = unsafe bytes.withUnsafeBufferPointer { $0.baseAddress }
        let isSame = unsafe after == before
        #expect(isSame)
        #expect(bytes == [UInt8](repeating: 0, count: count))
    }

    @Test func `happens to a secret only after its last copy`() {
        var first: Secret<[UInt8]>? = Secret([1, 2, 3])
        let second = first
        first = nil
        #expect(second?.reveal() == [1, 2, 3])
    }

    @Test func `does not touch an array that is held elsewhere`() {
        let held: [UInt8]
        do {
            let secret = Secret<[UInt8]>([1, 2, 3])
            held = secret.reveal()
        }
        #expect(held == [1, 2, 3])
    }
}

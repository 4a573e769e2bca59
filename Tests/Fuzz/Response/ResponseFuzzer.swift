// SPDX-License-Identifier: Apache-2.0

import FuzzSupport
import LanyardHTTP
import TestSupport

/// Reads any bytes as the answer of a server that the client has asked.
@c(LLVMFuzzerTestOneInput)
public func readResponse(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe [UInt8](fuzzed: start, count: count)
    for limit in [65_536, 8] {
        let whole = ResponseTranscript(of: bytes, cutAt: [], limitBytes: limit)
        if case .answer(let answer) = whole, answer.body.count > limit { finding("too much content", whole) }
        for cuts in Pieces.cuts(of: bytes) {
            let pieces = ResponseTranscript(of: bytes, cutAt: cuts, limitBytes: limit)
            if pieces != whole { finding("pieces make a difference", whole, pieces, cutAt: cuts) }
        }
    }
    return 0
}

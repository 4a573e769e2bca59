// SPDX-License-Identifier: Apache-2.0

import FuzzSupport
import LanyardHTTP

/// Reads any bytes as the beginning of a connection that a proxy makes.
@c(LLVMFuzzerTestOneInput)
public func readProxyHeader(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe [UInt8](fuzzed: start, count: count)
    var decision = ProxyHeader.Reading.needMore
    for end in 0...min(bytes.count, 2 * ProxyHeader.maximumBytes) {
        let reading = ProxyHeader.read(bytes.span.extracting(first: end))
        guard decision == .needMore else {
            if reading != decision { finding("\(end) bytes change a decision", decision, reading) }
            continue
        }
        if reading == .needMore, end >= ProxyHeader.maximumBytes { finding("no end to a header", end) }
        if case .header(_, let length) = reading, length != end { finding("decided late", reading, end) }
        decision = reading
    }
    let whole = ProxyHeader.read(bytes.span)
    if whole != decision { finding("the whole is something else than its bytes", decision, whole) }
    return 0
}

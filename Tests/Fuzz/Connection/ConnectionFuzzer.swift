// SPDX-License-Identifier: Apache-2.0

import FuzzSupport

/// Runs any bytes as a script: what one client over TLS sends to a real server, in which pieces, where it breaks, and when
/// the pending requests among it are completed (``ConnectionScript``).
@c(LLVMFuzzerTestOneInput)
public func runConnection(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        var script = try ConnectionScript(unsafe [UInt8](fuzzed: start, count: count), on: .shared())
        try script.run()
    } catch {
        finding("the connection \(error)", unsafe [UInt8](fuzzed: start, count: count))
    }
    return 0
}

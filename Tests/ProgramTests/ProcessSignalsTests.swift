// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import LanyardProgram
import Testing

@Suite struct `Signals to the process` {
    @Test(.timeLimit(.minutes(5)))
    func `ask first to drain, then to end, and SIGHUP to reload`() async {
        await #expect(processExitsWith: .exitCode(42)) {
            let queue = DispatchQueue(label: "signals")
            let (demands, feed) = AsyncStream.makeStream(of: ProcessSignals.Demand.self)
            let signals = ProcessSignals(on: queue) { feed.yield($0) }
            var next = demands.makeAsyncIterator()
            var met: [ProcessSignals.Demand?] = []
            // One at a time: several of one kind that wait are one.
            for number in [SIGHUP, SIGTERM, SIGHUP, SIGINT, SIGTERM] + Array(repeating: SIGHUP, count: 100) {
                kill(getpid(), number)
                met.append(await next.next())
            }
            withExtendedLifetime(signals) {}
            exit(met.prefix(5) == [.reload, .drain, .reload, .end, .end] ? 42 : 1)
        }
    }
}

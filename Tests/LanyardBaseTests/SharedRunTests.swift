// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A run that callers share` {
    /// Runs that take as long as a test likes.
    private final class Runs: Sendable {
        private struct State {
            var begun = 0
            var atOnce = 0
            var mostAtOnce = 0
        }

        private let state = Guarded(State())
        let began = AsyncStream<Int>.makeStream()
        let mayEnd = AsyncStream<Void>.makeStream()

        var begun: Int { state.withLock(\.begun) }
        var mostAtOnce: Int { state.withLock(\.mostAtOnce) }

        func run() async {
            let number = state.withLock { state in
                state.begun += 1
                state.atOnce += 1
                state.mostAtOnce = max(state.mostAtOnce, state.atOnce)
                return state.begun
            }
            began.continuation.yield(number)
            for await _ in mayEnd.stream { break }
            state.withLock { $0.atOnce -= 1 }
        }

        func end() { mayEnd.continuation.yield() }
    }

    @Test func `serves each caller by a run that began after its call`() async {
        let (shared, runs) = (SharedRun(), Runs())
        var began = runs.began.stream.makeAsyncIterator()
        let served = Guarded(0)
        await withTaskGroup { group in
            group.addTask { await shared.run { await runs.run() } }
            #expect(await began.next() == 1)
            // All of these come while the first runs, so it serves none of them; the second serves them all.
            for _ in 0..<50 {
                group.addTask {
                    await shared.run { await runs.run() }
                    served.withLock { $0 += 1 }
                }
            }
            // Those that have not called by now would be served by a third.
            while shared.callers < 50 { await Task.yield() }
            #expect(served.withLock { $0 } == 0)
            runs.end()
            #expect(await began.next() == 2)
            #expect(served.withLock { $0 } == 0)
            runs.end()
        }
        #expect(served.withLock { $0 } == 50)
        #expect(runs.begun == 2)
        #expect(runs.mostAtOnce == 1)
    }

    @Test func `runs again for each caller that comes alone`() async {
        let (shared, count) = (SharedRun(), Guarded(0))
        for number in 1...3 {
            await shared.run { count.withLock { $0 += 1 } }
            #expect(count.withLock { $0 } == number)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Tasks that wait for an event` {
    @Test func `all go on with its value`() async {
        let waiters = Waiters<Int>(capacity: 100)
        let count = Guarded(0)
        await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    await waiters.wait(within: .seconds(50)) {
                        let isLast = count.withLock { count in
                            count += 1
                            return count == 100
                        }
                        if isLast { waiters.resume(with: 7) }
                    }
                }
            }
            for await value in group { #expect(value == 7) }
        }
    }

    @Test func `miss none that comes as soon as they wait`() async {
        let waiters = Waiters<Int>(capacity: 1)
        for value in 0..<100 {
            #expect(await waiters.wait(within: .seconds(50)) { waiters.resume(with: value) } == value)
        }
    }

    @Test func `go on without it after their patience`() async {
        let waiters = Waiters<Int>(capacity: 1)
        #expect(await waiters.wait(within: .milliseconds(1)) {} == nil)
        #expect(await waiters.wait(within: .seconds(50)) { waiters.resume(with: 1) } == 1, "there is room again")
    }

    @Test func `are turned away where too many wait`() async {
        let waiters = Waiters<Int>(capacity: 1)
        async let first = waiters.wait(within: .seconds(50)) {
            Task {
                #expect(await waiters.wait(within: .seconds(50)) { Issue.record("it has no place") } == nil)
                waiters.resume(with: 1)
            }
        }
        #expect(await first == 1)
    }
}

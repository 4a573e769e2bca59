// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Work that is done again and again` {
    private let clock = HeldClock()
    private let times = Guarded(0)

    private func repetition() -> Repetition {
        Repetition(on: QueueExecutor(label: "repetition", urgency: .high), clock: clock)
    }

    private func start(_ repetition: Repetition, after firstPause: Duration, pause: Duration?) {
        repetition.start(after: firstPause) { [times] in
            times.withLock { $0 += 1 }
            return pause
        }
    }

    private func isDone(_ count: Int) -> Bool { eventually { times.withLock { $0 } == count } }

    @Test func `pauses before the first time and between two`() {
        let repetition = repetition()
        defer { repetition.stop() }
        start(repetition, after: .seconds(10), pause: .seconds(60))
        #expect(clock.waitForSleeper() == .seconds(10))
        #expect(times.withLock { $0 } == 0)
        clock.advance(by: .seconds(10))
        #expect(clock.waitForSleeper() == .seconds(60))
        #expect(times.withLock { $0 } == 1)
        clock.advance(by: .seconds(59))
        #expect(times.withLock { $0 } == 1)
        clock.advance(by: .seconds(1))
        #expect(isDone(2))
    }

    @Test func `begins at once without a first pause, and ends when no pause is given`() {
        let repetition = repetition()
        start(repetition, after: .zero, pause: nil)
        #expect(isDone(1))
        repetition.wake()
        #expect(clock.isEmpty)
    }

    @Test func `ends a pause when it is woken`() {
        let repetition = repetition()
        defer { repetition.stop() }
        start(repetition, after: .zero, pause: .seconds(60))
        for count in 1...5 {
            #expect(isDone(count))
            #expect(clock.waitForSleeper() == .seconds(60))
            repetition.wake()
        }
        #expect(isDone(6))
    }

    @Test func `does the work again if it is woken while the work is done`() {
        let repetition = repetition()
        defer { repetition.stop() }
        repetition.start { [times] in
            let count = times.withLock { times in
                times += 1
                return times
            }
            if count == 1 { repetition.wake() }
            return .seconds(60)
        }
        #expect(isDone(2))
        #expect(clock.waitForSleeper() == .seconds(60))
        #expect(times.withLock { $0 } == 2)
    }

    @Test func `is not done again once it is stopped`() {
        let repetition = repetition()
        start(repetition, after: .zero, pause: .seconds(60))
        #expect(isDone(1))
        #expect(clock.waitForSleeper() == .seconds(60))
        #expect(!repetition.isStopped)
        repetition.stop()
        #expect(repetition.isStopped)
        repetition.wake()
        clock.advance(by: .seconds(3_600))
        #expect(eventually { clock.isEmpty })
        #expect(times.withLock { $0 } == 1)
    }

    @Test func `does nothing if it is stopped before it is started`() {
        let repetition = repetition()
        repetition.stop()
        start(repetition, after: .zero, pause: .seconds(60))
        #expect(clock.isEmpty)
        #expect(times.withLock { $0 } == 0)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc
internal import LanyardBase

/// Waits for the one answer of a call that completes on another queue; for commands, which have nothing else to do.
///
/// Every call of a store has a deadline of its own, so the wait ends.
func wait<Value: Sendable, Reason: Error>(
    _ begin: (@escaping @Sendable (Result<Value, Reason>) -> Void) -> Void
) throws(Reason) -> Value {
    let answer = Answer<Value, Reason>()
    begin { answer.give($0) }
    return try answer.wait().get()
}

/// Waits for a call that completes on another queue with nothing to tell.
func waitUntilDone(_ begin: (@escaping @Sendable () -> Void) -> Void) {
    let isDone = DispatchSemaphore(value: 0)
    begin { isDone.signal() }
    isDone.wait()
}

/// Waits, whatever signals come meanwhile; for commands that give servers time to follow.
func pause(seconds: Int) {
    let end = SystemClock.running() + .seconds(seconds)
    while true {
        let left = SystemClock.running().duration(to: end)
        guard left > .zero else { return }
        // A millisecond more than is left, which is rounded down. A signal ends the sleep early.
        usleep(UInt32(min(left, SystemClock.longestNap).milliseconds + 1) * 1_000)
    }
}

/// A result that is given once and waited for once.
private final class Answer<Value: Sendable, Reason: Error>: Sendable {
    private let result = Guarded<Result<Value, Reason>?>(nil)
    private let isGiven = DispatchSemaphore(value: 0)

    func give(_ result: Result<Value, Reason>) {
        self.result.withLock { $0 = result }
        isGiven.signal()
    }

    func wait() -> Result<Value, Reason> {
        isGiven.wait()
        guard let result = result.withLock({ $0 }) else { preconditionFailure("an answer was told but not given") }
        return result
    }
}

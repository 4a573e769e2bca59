// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// Lets so many in at once; who comes then waits until somebody has left.
///
/// Tests run all at once, and each loop of each server they start holds a thread of Dispatch, of which there are 255.
package final class Turnstile: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Guarded<State>

    /// Creates a turnstile.
    package init(admitting count: Int) {
        state = Guarded(State(free: count))
    }

    /// Waits to be let in, and leaves when what it returns goes out of memory.
    package func enter() async -> Stay {
        await withCheckedContinuation { continuation in
            let isAdmitted = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isAdmitted { continuation.resume() }
        }
        return Stay(self)
    }

    fileprivate func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.free += 1
            return nil
        }
        next?.resume()
    }

    /// One that was let in.
    package final class Stay: Sendable {
        private let turnstile: Turnstile

        fileprivate init(_ turnstile: Turnstile) {
            self.turnstile = turnstile
        }

        deinit { turnstile.leave() }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// Runs a task one at a time, and serves each caller by a run that began after the call.
///
/// However many callers there are, at most one run is under way and one more is to follow.
final class SharedRun: Sendable {
    private let state = Guarded(State())

    private struct State {
        var isRunning = false
        var callers: [@Sendable () -> Void] = []
    }

    /// Has `run` run, and calls `completion` after the first run that began after this call.
    ///
    /// - Parameters:
    ///   - run: The task, the same for every caller; it calls its argument when it is over, on any queue.
    ///   - completion: Called once, on any queue.
    func request(
        _ run: @escaping @Sendable (_ done: @escaping @Sendable () -> Void) -> Void,
        completion: @escaping @Sendable () -> Void
    ) {
        let isFirst = state.withLock { state in
            state.callers.append(completion)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if isFirst { begin(run) }
    }

    private func begin(_ run: @escaping @Sendable (_ done: @escaping @Sendable () -> Void) -> Void) {
        let served = state.withLock { state in
            defer { state.callers = [] }
            return state.callers
        }
        run { [self] in
            for completion in served { completion() }
            let hasMore = state.withLock { state in
                state.isRunning = !state.callers.isEmpty
                return state.isRunning
            }
            if hasMore { begin(run) }
        }
    }
}

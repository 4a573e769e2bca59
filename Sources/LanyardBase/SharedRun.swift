// SPDX-License-Identifier: Apache-2.0

/// Runs a task one at a time, and serves each caller by a run that began after the call.
///
/// However many callers there are, at most one run is under way and one more is to follow.
package final class SharedRun: Sendable {
    private let state = Guarded(State())

    private struct State {
        var isRunning = false
        var callers: [CheckedContinuation<Role, Never>] = []

        mutating func takeCallers() -> [CheckedContinuation<Role, Never>] {
            defer { callers = [] }
            return callers
        }
    }

    /// Creates a run of which none is under way.
    package init() {}

    /// What a caller has to do after it has waited.
    private enum Role {
        /// Run the task, for itself and for all others that wait.
        case run
        /// Nothing: another has.
        case nothing
    }

    /// Returns after the first run of `task` that began after this call; the same task for every caller.
    package func run(_ task: () async -> Void) async {
        guard await role() == .run else { return }
        let others = state.withLock { $0.takeCallers() }
        await task()
        for other in others { other.resume(returning: .nothing) }
        let next = state.withLock { state in
            state.isRunning = !state.callers.isEmpty
            return state.callers.popLast()
        }
        next?.resume(returning: .run)
    }

    /// How many wait for a run that has not begun.
    package var callers: Int { state.withLock { $0.callers.count } }

    private func role() async -> Role {
        await withCheckedContinuation { continuation in
            let isFirst = state.withLock { state in
                if state.isRunning { state.callers.append(continuation) }
                defer { state.isRunning = true }
                return !state.isRunning
            }
            if isFirst { continuation.resume(returning: .run) }
        }
    }
}

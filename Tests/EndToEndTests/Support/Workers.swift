// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Threads that do one thing again and again while a test does something else.
final class Workers: Sendable {
    private let isOver = Atomic(false)
    private let trouble = Mutex<(any Error)?>(nil)
    private let members = DispatchGroup()
    private let rounds = Atomic(0)

    /// Starts `count` threads; each calls `work` with its number until ``stop()``, or until that throws.
    init(of count: Int, _ work: @escaping @Sendable (Int) throws -> Void) {
        for index in 0..<count {
            DispatchQueue(label: "workers.\(index)").async(group: members) { [self] in
                while !isOver.load(ordering: .relaxed) {
                    do {
                        try work(index)
                        rounds.add(1, ordering: .relaxed)
                    } catch {
                        return trouble.withLock { $0 = error }
                    }
                }
            }
        }
    }

    deinit { isOver.store(true, ordering: .relaxed) }

    /// Waits until `work` was done so many times more.
    func wait(forRounds count: Int) throws {
        let goal = rounds.load(ordering: .relaxed) + count
        try Deadline.usual.poll {
            if let trouble = trouble.withLock(\.self) { throw trouble }
            return rounds.load(ordering: .relaxed) >= goal
        }
        guard rounds.load(ordering: .relaxed) >= goal else { throw Failure("the workers stand still") }
    }

    /// Ends all threads, and throws what any of them threw.
    func stop() throws {
        isOver.store(true, ordering: .relaxed)
        guard members.wait(timeout: Deadline.usual.dispatchTime) == .success else { throw Failure("a thread hangs") }
        if let trouble = trouble.withLock(\.self) { throw trouble }
    }
}

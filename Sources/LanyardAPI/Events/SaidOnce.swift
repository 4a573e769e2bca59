// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Something that a process says once, however many loops come upon it.
final class SaidOnce: Sendable {
    private let isSaid = Atomic<Bool>(false)

    /// Calls `speak` if `isDue`, unless it was called before.
    func say(if isDue: @autoclosure () -> Bool, _ speak: () -> Void) {
        guard !isSaid.load(ordering: .relaxed), isDue(), !isSaid.exchange(true, ordering: .relaxed) else { return }
        speak()
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

/// Holds those who wait until it is opened, which it does by itself after 20 s.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func wait() async {
        guard !isOpen else { return }
        let deadline = Task {
            guard (try? await Task.sleep(for: .seconds(20))) != nil else { return }
            Issue.record("nobody opened the gate")
            open()
        }
        await withCheckedContinuation { waiting.append($0) }
        deadline.cancel()
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}

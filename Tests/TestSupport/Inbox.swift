// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import LanyardBase

/// Values that one thread puts in and a test waits for, with a deadline.
package final class Inbox<Element: Sendable>: Sendable {
    /// Nothing came in time.
    package struct TooLate: Error {
    }

    private let elements = Guarded<[Element]>([])
    private let arrivals = DispatchSemaphore(value: 0)

    /// Creates an empty inbox.
    package init() {
    }

    /// Puts a value in.
    package func put(_ element: Element) {
        elements.withLock { $0.append(element) }
        arrivals.signal()
    }

    /// Whether nothing is in.
    package var isEmpty: Bool { elements.withLock(\.isEmpty) }

    /// Waits for the first value and takes it out.
    package func next() throws -> Element {
        guard arrivals.wait(timeout: .now() + .seconds(20)) == .success else { throw TooLate() }
        return elements.withLock { $0.removeFirst() }
    }
}

/// Asks again and again until the answer is yes, with a deadline.
///
/// For conditions that nobody can be told about.
package func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    let deadline = DispatchTime.now() + .seconds(20)
    while DispatchTime.now() < deadline {
        if try condition() { return true }
        // Only how often is asked depends on this pause.
        _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(2))
    }
    return false
}

// SPDX-License-Identifier: Apache-2.0

/// First in, first out, in constant time a step.
package struct Queue<Element> {
    private var elements: [Element?] = []
    private var head = 0

    /// Creates an empty queue.
    package init() {}

    /// How many elements wait.
    package var count: Int { elements.count - head }

    /// Whether nothing waits.
    package var isEmpty: Bool { head == elements.count }

    /// Puts `element` at the end.
    package mutating func append(_ element: Element) {
        elements.append(element)
    }

    /// Takes the first element out, if there is one.
    package mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let first = elements[head].take()
        head += 1
        if head == elements.count {
            elements.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 64, head * 2 >= elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return first
    }
}

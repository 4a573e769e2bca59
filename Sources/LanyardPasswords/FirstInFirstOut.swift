// SPDX-License-Identifier: Apache-2.0

/// A queue of elements that leave in the order they came.
struct FirstInFirstOut<Element> {
    /// `nil` before `head`: those have left.
    private var elements: [Element?] = []
    private var head = 0

    var count: Int { elements.count - head }

    mutating func append(_ element: Element) {
        elements.append(element)
    }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let element = elements[head]
        elements[head] = nil
        head += 1
        // Moving the rest when half has left costs one move an element, however long the queue.
        if head * 2 >= elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }
}

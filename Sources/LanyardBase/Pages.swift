// SPDX-License-Identifier: Apache-2.0

/// A list that is read a page at a time, so that it need not be in memory whole.
package struct Pages<Element, Failure: Error> {
    private let length: Int
    private let read: (_ last: Element?, _ limit: Int) async throws(Failure) -> [Element]
    private var last: Element?
    private var isOver = false

    /// Creates the pages of a list.
    ///
    /// - Parameters:
    ///   - length: The most elements that a page has.
    ///   - read: Reads up to `limit` elements, those after `last`, or the first ones.
    package init(
        length: Int = 500, read: @escaping (_ last: Element?, _ limit: Int) async throws(Failure) -> [Element]
    ) {
        self.length = length
        self.read = read
    }

    /// Reads the next page, which is not empty; `nil` after the last one.
    package mutating func next() async throws(Failure) -> [Element]? {
        guard !isOver else { return nil }
        let page = try await read(last, length)
        isOver = page.count < length
        last = page.last
        return page.isEmpty ? nil : page
    }
}

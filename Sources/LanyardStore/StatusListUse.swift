// SPDX-License-Identifier: Apache-2.0

/// How many indices of a list are taken, and what follows from it.
package struct StatusListUse: Equatable, Sendable {
    /// The number of the list.
    package var number: Int64
    /// Whether new sessions get no index of it.
    package var isFull: Bool
    /// How many of its indices a session, a client or a bit has.
    package var count: Int

    /// Creates the use of a list.
    package init(number: Int64, isFull: Bool, count: Int) {
        self.number = number
        self.isFull = isFull
        self.count = count
    }

    /// How many entries a list has.
    package static let listSize = 1 << 20

    /// What is to be written.
    package struct Change: Equatable, Sendable {
        /// The lists that become full.
        package var filled: [Int64]
        /// The lists that were full and take sessions again.
        package var opened: [Int64]
        /// The number of the list that is to be made, if another one is needed.
        package var added: Int64?

        /// Creates a change.
        package init(filled: [Int64] = [], opened: [Int64] = [], added: Int64? = nil) {
            self.filled = filled
            self.opened = opened
            self.added = added
        }
    }

    /// Returns what is to be written for lists of `listSize` entries, used like this; `nil` if nothing is.
    ///
    /// A list is full at a half, where a draw meets a taken index every other time, and takes sessions again well below. The next
    /// list is there before it is needed, so that every server serves it when the first token names it.
    package static func change(for lists: [Self], listSize: Int) -> Change? {
        var change = Change()
        var isNextThere = false
        for list in lists {
            let isLow = list.count < listSize * 3 / 8
            switch (list.isFull, list.count) {
            case (false, (listSize / 2)...): change.filled.append(list.number)
            case (true, _) where isLow: change.opened.append(list.number)
            default: break
            }
            if isLow { isNextThere = true }
        }
        if !isNextThere { change.added = (lists.map(\.number).max() ?? 0) + 1 }
        return change == Change() ? nil : change
    }
}

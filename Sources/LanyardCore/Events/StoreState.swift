// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// Which uses of the store fail at the moment.
package final class StoreState: Sendable {
    /// What of the store is tried.
    package enum Use: Hashable, Sendable {
        case reading, writing
    }

    private let failing = Guarded<Set<Use>>([])

    /// Returns whether the store has just gone (`true`) or come back (`false`); `nil` if nothing has changed.
    func note(_ use: Use, isFailing: Bool) -> Bool? {
        failing.withLock { failing in
            let wasAway = !failing.isEmpty
            if isFailing { failing.insert(use) } else { failing.remove(use) }
            return wasAway == failing.isEmpty ? isFailing : nil
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import Logging

extension EventLog {
    /// What of the store is tried.
    package enum StoreUse: Hashable, Sendable {
        case reading, writing
    }

    /// Notes whether the store answered the last try, and logs when that changes: `store_away`, `store_back`.
    ///
    /// The store counts as away while either use fails. Requests report their own failures as `store_unavailable`.
    ///
    /// - Parameters:
    ///   - use: What was tried.
    ///   - reason: Why it failed; `nil` if it worked.
    package func storeTried(_ use: StoreUse, failing reason: String?) {
        switch storeState.note(use, isFailing: reason != nil) {
        case nil: break
        case true?:
            tell(
                .error, "store_away", "the store does not answer; requests that need it get 503",
                ["reason": reason ?? ""])
        case false?: tell(.notice, "store_back", "the store answers again", [:])
        }
    }
}

/// Which uses of the store fail at the moment.
final class StoreState: Sendable {
    private let failing = Guarded<Set<EventLog.StoreUse>>([])

    /// Returns whether the store has just gone (`true`) or come back (`false`); `nil` if nothing has changed.
    func note(_ use: EventLog.StoreUse, isFailing: Bool) -> Bool? {
        failing.withLock { failing in
            let wasAway = !failing.isEmpty
            if isFailing { failing.insert(use) } else { failing.remove(use) }
            return wasAway == failing.isEmpty ? isFailing : nil
        }
    }
}

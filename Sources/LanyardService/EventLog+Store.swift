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

/// What is logged about the store as a whole.
extension EventLog {
    /// Warns that the store was last used to serve another issuer: the tokens of its sessions name that one.
    package func issuerChanged(from previous: String, to issuer: String) {
        tell(
            .warning, "issuer_changed",
            "this store last served another issuer; verifiers refuse tokens of an issuer that they do not expect",
            ["previous": previous, "issuer": issuer, "setting": "LANYARD_ISSUER"])
    }

    /// Reports that this server's clock is behind what the store says, by `lag`.
    func clockBehind(_ evidence: ClockEvidence, lag: Duration) {
        tell(
            .error, "clock_behind",
            "this server's clock is behind, or another server's was ahead; check the time of all servers",
            ["reason": evidence.rawValue, "behind_s": "\(lag.wholeSeconds)"])
    }

    /// What shows that a clock is behind.
    enum ClockEvidence: String, Sendable {
        /// The time that another server has recorded.
        case record
        /// The time from which the key that signs has signed.
        case key
    }
}

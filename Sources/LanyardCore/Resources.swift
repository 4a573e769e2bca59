// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardPasswords
package import LanyardStore

/// What the use cases of a process work with.
package struct Resources: Sendable {
    /// The settings of the rules.
    package let policies: Policies
    /// The credential store.
    package let store: any Store
    /// The keys, as they are at each time.
    package let keys: LiveKeys
    /// Seals and opens stored password hashes.
    package let passwords: PasswordSeal
    /// Where passwords are hashed.
    package let lanes: PasswordLanes
    /// What passwords are checked against.
    package let decoys: PasswordDecoys
    /// The status lists, as they are at each time.
    package let statusLists: LiveStatusLists
    /// How often a name may fail to prove itself, as it is at each time; `nil` without limit.
    package let tryLimits: Replaceable<TryLimits?>
    /// Where events are recorded.
    package let events: EventLog
    /// Whether the store can be written.
    package let storeWatch: StoreWatch
    /// The clock of `iat` and `exp`.
    package let now: @Sendable () -> UnixTime

    /// Creates the resources of a process.
    package init(
        policies: Policies, store: any Store, keys: LiveKeys, passwords: PasswordSeal, lanes: PasswordLanes,
        events: EventLog, now: @escaping @Sendable () -> UnixTime
    ) {
        self.policies = policies
        self.store = store
        self.keys = keys
        self.passwords = passwords
        self.lanes = lanes
        self.events = events
        self.now = now
        decoys = PasswordDecoys(passwords, live: PasswordHashKind(lanes.parameters))
        statusLists = LiveStatusLists(running: keys.running)
        tryLimits = Replaceable(policies.tryLimits)
        storeWatch = StoreWatch(
            store, keys: keys, events: events, clock: { KeyMoment(wall: now(), running: .now) })
    }
}

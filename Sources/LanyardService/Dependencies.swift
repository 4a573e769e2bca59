// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardPasswords
package import LanyardStore

/// What the endpoints are made of.
package struct Dependencies: Sendable {
    /// The settings of the rules.
    package let configuration: ServiceConfiguration
    /// The credential store.
    package let store: any Store
    /// The keys, as they are at each time.
    package let keys: LiveKeys
    /// Seals and opens stored password hashes.
    package let passwords: PasswordSeal
    /// Which origins may read answers with credentials, as it is at each time.
    package let allowedOrigins: Replaceable<AllowedOrigins>
    /// The status lists, as they are at each time.
    package let statusLists: LiveStatusLists
    /// How often a name may fail to prove itself, as it is at each time; `nil` without limit.
    package let tryLimits: Replaceable<TryLimits?>
    /// Where passwords are hashed.
    package let lanes: PasswordLanes
    /// What passwords are checked against.
    package let decoys: PasswordDecoys
    /// Where events are told.
    package let events: EventLog
    /// Whether the process is about to end.
    package let readiness: Readiness
    /// Whether the store can be written.
    package let storeWatch: StoreWatch
    /// The clock of `iat` and `exp`.
    package let now: @Sendable () -> UnixTime

    /// Creates dependencies.
    package init(
        configuration: ServiceConfiguration, store: any Store, keys: LiveKeys, passwords: PasswordSeal,
        lanes: PasswordLanes,
        events: EventLog, readiness: Readiness, now: @escaping @Sendable () -> UnixTime
    ) {
        self.configuration = configuration
        self.store = store
        self.keys = keys
        self.passwords = passwords
        statusLists = LiveStatusLists(running: keys.running)
        allowedOrigins = Replaceable(configuration.allowedOrigins)
        tryLimits = Replaceable(configuration.tryLimits)
        self.lanes = lanes
        decoys = PasswordDecoys(passwords, live: PasswordHashKind(lanes.parameters))
        self.events = events
        self.readiness = readiness
        storeWatch = StoreWatch(
            store, keys: keys, events: events, clock: { KeyMoment(wall: now(), running: .now) })
        self.now = now
    }
}

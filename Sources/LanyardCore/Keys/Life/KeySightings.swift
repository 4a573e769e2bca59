// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardStore

/// Since when this process has seen the keys and secrets of a store as they are, by the clock that nobody sets.
package struct KeySightings: Sendable {
    /// When something was first seen.
    struct Sighting: Sendable {
        let since: ContinuousClock.Instant
        /// Whether it was so already when the process started: then it has been so for longer than anybody here knows.
        let isFromStart: Bool
    }

    private var sightings: [Sight: Sighting] = [:]

    /// What is seen of a key or a secret; another sight when its state or its lead changes.
    private struct Sight: Hashable {
        let id: KeyID
        let state: KeyRecord.State?
        let hasLeft: Bool
        let lead: Duration
    }

    /// Creates the sightings of a process that starts with what the store holds at `instant`.
    package init(_ foundation: Foundation, at instant: ContinuousClock.Instant) {
        note(foundation, as: Sighting(since: instant, isFromStart: true))
    }

    /// Takes note of what the store holds at `instant`, and forgets what it holds no more.
    package mutating func note(_ foundation: Foundation, at instant: ContinuousClock.Instant) {
        note(foundation, as: Sighting(since: instant, isFromStart: false))
    }

    private mutating func note(_ foundation: Foundation, as sighting: Sighting) {
        var seen: [Sight: Sighting] = [:]
        for sight in foundation.keys.map(Self.sight) + foundation.secrets.map(Self.sight) {
            seen[sight] = sightings[sight] ?? sighting
        }
        sightings = seen
    }

    subscript(key: KeyRecord) -> Sighting? { sightings[Self.sight(of: key)] }

    subscript(secret: SecretRecord) -> Sighting? { sightings[Self.sight(of: secret)] }

    private static func sight(of key: KeyRecord) -> Sight {
        Sight(id: key.kid, state: key.state, hasLeft: key.leftAt != nil, lead: key.lead)
    }

    private static func sight(of secret: SecretRecord) -> Sight {
        Sight(id: secret.id, state: nil, hasLeft: false, lead: .zero)
    }
}

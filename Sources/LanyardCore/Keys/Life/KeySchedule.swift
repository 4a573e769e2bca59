// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardCrypto
package import LanyardStore

/// Decides what is to be done with the keys of a store, from what the store holds and what this process has seen of it.
///
/// A key's life is `next → active → retired → gone` (docs/keys.md). Whichever replica finds a step due first takes it, as
/// one compare-and-swap in the store. A step that would be wrong too early waits for the clock that nobody sets, unless
/// things were so already when the process started; so a wall clock that jumps ahead hastens nothing, and one that
/// steps back takes nothing away.
package struct KeySchedule: Sendable {
    let policy: KeyPolicy

    /// Creates the schedule of keys that live as `policy` says.
    package init(policy: KeyPolicy) {
        self.policy = policy
    }

    /// What is to be done.
    package enum Step: Equatable, Sendable {
        /// A key is to be made and published as `next`.
        case publish
        /// The key that is `next` is to sign from now on.
        case activate(kid: KeyID)
        /// Others.
        case change(KeyChange)
    }

    /// Returns what is to be done now, one step at a time; `nil` if nothing is.
    package func step(for foundation: Foundation, _ sightings: KeySightings, at moment: KeyMoment) -> Step? {
        if let next = foundation.nextKey, isDue(next, sightings[next], at: moment) { return .activate(kid: next.kid) }
        for key in foundation.keys where key.isPublished {
            guard key.state == .retired, let retiredAt = key.retiredAt, let goneAt = key.goneAt else { continue }
            let retention = max(.zero, goneAt.since(retiredAt))
            guard hasPassed(retention, since: retiredAt, sightings[key], at: moment) else { continue }
            return .change(KeyChange(keys: [key.leaving(at: moment.wall)]))
        }
        if let step = forgettingStep(for: foundation, sightings, at: moment) { return step }
        // Last, for it may fail again and again.
        return foundation.nextKey == nil && isRotationDue(foundation, sightings, at: moment) ? .publish : nil
    }

    /// Returns the secret that makes the MAC of refresh tokens: the newest that every replica checks with by now.
    package func maker(of foundation: Foundation, _ sightings: KeySightings, at moment: KeyMoment) -> SecretRecord? {
        let secrets = foundation.refreshSecrets
        guard let newest = secrets.last else { return nil }
        guard let previous = secrets.dropLast().last else { return newest }
        return isRead(newest, sightings[newest], at: moment) ? newest : previous
    }

    /// Returns how long to wait before looking again: less than `longest` if something becomes due sooner.
    package func pause(
        for foundation: Foundation, _ sightings: KeySightings, at moment: KeyMoment, longest: Duration
    ) -> Duration {
        guard let next = foundation.nextKey, let sighting = sightings[next] else { return longest }
        let untilSeen = next.lead - sighting.since.duration(to: moment.running)
        // In an emergency all replicas are to change over at once, whichever of them has seen the key first.
        if next.isUrgent {
            return min(longest, max(untilSeen - KeyPolicy.emergencyLead, Self.urgentPause))
        }
        return min(longest, max(next.signsFrom.since(moment.wall), untilSeen, Self.shortestPause))
    }

    /// Whether a key that is `next` signs from now on.
    private func isDue(_ next: KeyRecord, _ sighting: KeySightings.Sighting?, at moment: KeyMoment) -> Bool {
        guard let sighting else { return false }
        if sighting.since.duration(to: moment.running) >= next.lead {
            // In an emergency the seconds by which two clocks differ would be most of the lead. And of a key that was
            // made in what is our future nobody knows what it calls its time: the clock was set back, or its maker's was
            // ahead.
            return next.isUrgent || next.createdAt > moment.wall || moment.wall >= next.signsFrom
        }
        guard sighting.isFromStart, next.createdAt <= moment.wall else { return false }
        return moment.wall >= (next.isUrgent ? next.signsFrom + KeyPolicy.clockSkew : next.signsFrom)
    }

    private func isRotationDue(_ foundation: Foundation, _ sightings: KeySightings, at moment: KeyMoment) -> Bool {
        guard let active = foundation.activeKey else { return false }
        if active.algorithm != policy.algorithm.rawValue { return true }
        guard policy.rotationInterval > .zero else { return false }
        let age = max(.zero, policy.rotationInterval - policy.publishLead)
        if moment.wall >= active.signsFrom + age { return true }
        // With a clock that was set back for long, the key would sign for as long more.
        guard let sighting = sightings[active] else { return false }
        return sighting.since.duration(to: moment.running) >= policy.rotationInterval
    }

    /// Removes what nothing that may still come was made with.
    private func forgettingStep(
        for foundation: Foundation, _ sightings: KeySightings, at moment: KeyMoment
    ) -> Step? {
        let lifetime = policy.sessionLifetime + KeyPolicy.staleness + KeyPolicy.clockSkew
        for key in foundation.keys {
            guard let leftAt = key.leftAt, hasPassed(lifetime, since: leftAt, sightings[key], at: moment) else {
                continue
            }
            return .change(KeyChange(removedKeys: [key.kid]))
        }
        let secrets = foundation.refreshSecrets
        guard let newest = secrets.last, secrets.count > 1 else { return nil }
        let stay = KeyPolicy.emergencyLead + lifetime
        guard hasPassed(stay, since: newest.createdAt, sightings[newest], at: moment) else { return nil }
        return .change(KeyChange(removedSecrets: secrets.dropLast().map(\.id)))
    }

    /// Whether `duration` has passed since `start`, which is when the wall clock says that a sight began.
    private func hasPassed(
        _ duration: Duration, since start: UnixTime, _ sighting: KeySightings.Sighting?, at moment: KeyMoment
    ) -> Bool {
        guard let sighting else { return false }
        if sighting.since.duration(to: moment.running) >= duration { return true }
        return sighting.isFromStart && moment.wall >= start + duration
    }

    private func isRead(
        _ secret: SecretRecord, _ sighting: KeySightings.Sighting?, at moment: KeyMoment
    ) -> Bool {
        guard let sighting else { return false }
        if sighting.since.duration(to: moment.running) >= KeyPolicy.emergencyLead { return true }
        return sighting.isFromStart
            && moment.wall >= secret.createdAt + KeyPolicy.emergencyLead + KeyPolicy.clockSkew
    }

    private static let urgentPause = Duration.milliseconds(100)

    /// A step that fails is not tried again in a hurry.
    private static let shortestPause = Duration.milliseconds(20)
}

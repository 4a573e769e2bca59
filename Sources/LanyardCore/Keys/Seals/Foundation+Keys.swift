// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

extension Foundation {
    /// The key that signs.
    package var activeKey: KeyRecord? { keys.first { $0.state == .active } }

    /// The key that is published and does not sign yet; there is one at most.
    package var nextKey: KeyRecord? { keys.first { $0.state == .next } }

    /// The keys of the key set, in the order in which they were made.
    package var publishedKeys: [KeyRecord] { keys.filter(\.isPublished) }

    /// The secrets that refresh tokens are made and checked with, oldest first.
    package var refreshSecrets: [SecretRecord] { secrets.filter { $0.purpose == .refresh } }

    /// Returns the key with this `kid`, byte by byte.
    package func key(_ kid: KeyID) -> KeyRecord? { keys.first { $0.kid == kid } }

    /// Returns what is written when `next` signs from now on.
    package func activation(of next: KeyRecord, at now: UnixTime, retention: Duration) -> KeyChange {
        var next = next
        next.state = .active
        next.signsFrom = now
        guard let active = activeKey else { return KeyChange(keys: [next]) }
        let retired = active.retiring(at: now, retention: retention)
        return KeyChange(keys: [active.revokedAt == nil ? retired : retired.leaving(at: now), next])
    }
}

extension KeyRecord {
    /// Whether the key is in the key set.
    package var isPublished: Bool { leftAt == nil }

    /// Whether the key is to sign as soon as it has been published for its lead, whatever the wall clock says.
    ///
    /// The seconds by which two clocks differ would be much of such a lead.
    var isUrgent: Bool { lead < KeyPolicy.leastPublishLead }

    /// Whether what the key has signed is accepted by the service itself.
    var isAccepted: Bool { leftAt == nil || revokedAt == nil }

    /// Returns the key after its last signature: it goes without its private half.
    func retiring(at now: UnixTime, retention: Duration) -> KeyRecord {
        var key = self
        key.state = .retired
        key.sealedPrivateKey = nil
        key.retiredAt = now
        key.goneAt = now + retention
        return key
    }

    /// Returns the key when it is in the set no more.
    func leaving(at now: UnixTime) -> KeyRecord {
        var key = self
        key.leftAt = now
        key.goneAt = now
        return key
    }

    /// Returns the key as one that all replicas sign with after `lead`; `nil` if it is to sign by then already.
    func hastened(to lead: Duration, at now: UnixTime) -> KeyRecord? {
        guard signsFrom > now + lead else { return nil }
        var key = self
        key.signsFrom = now + lead
        key.lead = lead
        return key
    }
}

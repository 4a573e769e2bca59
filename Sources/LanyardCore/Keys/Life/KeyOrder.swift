// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

/// What an operator orders of the keys.
package enum KeyOrder: Sendable {
    /// A new key is published and signs after the lead.
    case rotate
    /// A new key is published at once and signs after so long, 5 s to 1 h.
    case rotateNow(in: Duration)
    /// The key with this `kid` is trusted no more.
    case revoke(kid: KeyID)
    /// A given key becomes the one that signs next.
    case add(KeyRecord)
    /// Refresh tokens are made with a new key.
    case rotateRefresh
    /// Refresh tokens that were made with keys before the newest are refused: for who has ended their sessions.
    case dropRefreshKeys

    /// What an order comes to.
    package enum Outcome: Equatable, Sendable {
        /// A key is published, and will sign.
        case published(KeyRecord)
        /// The key that was to sign later signs sooner.
        case hastened(KeyRecord)
        /// The key leaves when `successor` signs.
        case revoked(KeyRecord, successor: KeyRecord)
        /// The key has left.
        case removed(KeyRecord)
        /// The key, which a revoked one waited for, has left; `successor` comes in its place.
        case successorReplaced(KeyRecord, successor: KeyRecord, signer: KeyRecord)
        /// A secret makes refresh tokens in a few seconds; those that `dropped` was left to check are refused from now on.
        case refreshRotated(SecretRecord, dropped: Bool)
        /// The secrets before the newest have gone.
        ///
        /// If nothing was settled, servers made tokens with them until they read this, so sessions opened just before have
        /// such tokens.
        case refreshDropped(wasSettled: Bool)
        /// Nothing is changed: there is one secret only.
        case refreshAlone
        /// Nothing is changed: this key is to sign already.
        case pending(KeyRecord)
        /// Nothing is changed: this key was revoked already.
        case revokedAlready(KeyRecord)
    }

    /// Why an order is refused.
    package enum Refusal: Error, Equatable, Sendable {
        /// There is no key with this `kid`.
        case unknown(kid: KeyID)
        /// There is a key that is to sign next, and no room for another.
        case nextExists(KeyRecord)
        /// The key is in the store, now or until what it signed has gone.
        case known(KeyRecord)
    }

    /// What an order may need that is made only if it does.
    package struct Supplies {
        /// Makes a key that is published for the lead before it signs, or for as long as `lead` says.
        let key: (_ lead: Duration) throws(KeyOrderError) -> KeyRecord
        /// Makes a secret for refresh tokens.
        let secret: () throws(KeyOrderError) -> SecretRecord

        /// Creates supplies.
        package init(
            key: @escaping (_ lead: Duration) throws(KeyOrderError) -> KeyRecord,
            secret: @escaping () throws(KeyOrderError) -> SecretRecord
        ) {
            self.key = key
            self.secret = secret
        }
    }

    /// Returns what the order means for the keys of `foundation`; no change if there is nothing to do.
    ///
    /// - Throws: ``KeyOrderError/refused(_:)``, or what the supplies throw.
    package func decision(
        for foundation: Foundation, _ supplies: Supplies, publishLead: Duration, at now: UnixTime
    ) throws(KeyOrderError) -> (Outcome, KeyChange?) {
        switch self {
        case .rotate:
            if let next = foundation.nextKey { return (.pending(next), nil) }
            let key = try supplies.key(publishLead)
            return (.published(key), KeyChange(keys: [key]))
        case .rotateNow(let lead):
            guard let next = foundation.nextKey else {
                let key = try supplies.key(lead)
                return (.published(key), KeyChange(keys: [key]))
            }
            guard let hastened = next.hastened(to: lead, at: now) else { return (.pending(next), nil) }
            return (.hastened(hastened), KeyChange(keys: [hastened]))
        case .revoke(let kid):
            return try Self.revocation(of: kid, foundation, supplies, at: now)
        case .add(let key):
            if let known = foundation.key(key.kid) { throw .refused(.known(known)) }
            if let next = foundation.nextKey { throw .refused(.nextExists(next)) }
            return (.published(key), KeyChange(keys: [key]))
        case .rotateRefresh:
            let secret = try supplies.secret()
            let dropped = foundation.refreshSecrets.dropLast().map(\.id)
            return (
                .refreshRotated(secret, dropped: !dropped.isEmpty),
                KeyChange(secrets: [secret], removedSecrets: dropped)
            )
        case .dropRefreshKeys:
            let secrets = foundation.refreshSecrets
            guard let newest = secrets.last, secrets.count > 1 else { return (.refreshAlone, nil) }
            return (
                .refreshDropped(wasSettled: newest.createdAt + KeyPolicy.refreshKeySettling <= now),
                KeyChange(removedSecrets: secrets.dropLast().map(\.id))
            )
        }
    }

    private static func revocation(
        of kid: KeyID, _ foundation: Foundation, _ supplies: Supplies, at now: UnixTime
    ) throws(KeyOrderError) -> (Outcome, KeyChange?) {
        guard var key = foundation.key(kid) else { throw .refused(.unknown(kid: kid)) }
        guard key.revokedAt == nil else { return (.revokedAlready(key), nil) }
        key.revokedAt = now
        switch key.state {
        case .retired:
            key = key.leaving(at: now)
            return (.removed(key), KeyChange(keys: [key]))
        case .next:
            key = key.retiring(at: now, retention: .zero).leaving(at: now)
            guard var signer = foundation.activeKey, signer.revokedAt != nil else {
                return (.removed(key), KeyChange(keys: [key]))
            }
            // The one that signs still waits for a successor to leave.
            let successor = try supplies.key(KeyPolicy.emergencyLead)
            signer.goneAt = successor.signsFrom
            return (
                .successorReplaced(key, successor: successor, signer: signer),
                KeyChange(keys: [key, signer, successor])
            )
        case .active:
            let successor =
                if let next = foundation.nextKey {
                    next.hastened(to: KeyPolicy.emergencyLead, at: now) ?? next
                } else {
                    try supplies.key(KeyPolicy.emergencyLead)
                }
            key.goneAt = successor.signsFrom
            return (.revoked(key, successor: successor), KeyChange(keys: [key, successor]))
        }
    }
}

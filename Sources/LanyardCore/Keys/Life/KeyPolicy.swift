// SPDX-License-Identifier: Apache-2.0

package import LanyardCrypto

/// What the settings say of signing keys, and the times that follow from it.
package struct KeyPolicy: Sendable {
    /// What new keys sign with.
    package var algorithm: SigningAlgorithm
    /// The length of a new RSA modulus, in bits.
    package var rsaBits: Int
    /// How long a key signs before the next one does; zero for until a command ends it.
    package var rotationInterval: Duration
    /// How long a key is published before it signs.
    package var publishLead: Duration
    /// How long an access token lives.
    package var accessLifetime: Duration
    /// How long a signed status list lives; zero if there are none.
    package var statusTokenLifetime: Duration
    /// How long a session lives at most.
    package var sessionLifetime: Duration

    /// Creates a policy.
    package init(
        algorithm: SigningAlgorithm, rsaBits: Int, rotationInterval: Duration, publishLead: Duration,
        accessLifetime: Duration, statusTokenLifetime: Duration, sessionLifetime: Duration
    ) {
        self.algorithm = algorithm
        self.rsaBits = rsaBits
        self.rotationInterval = rotationInterval
        self.publishLead = publishLead
        self.accessLifetime = accessLifetime
        self.statusTokenLifetime = statusTokenLifetime
        self.sessionLifetime = sessionLifetime
    }

    /// Returns how long a key stays in the set after it was retired: as long as anything that it signed is valid
    /// anywhere, and then until no cache lacks its successor.
    package func retention(longestAccessLifetime: Duration) -> Duration {
        max(accessLifetime, longestAccessLifetime, statusTokenLifetime)
            + Self.leeway + Self.cacheLifetime + Self.staleness + Self.clockSkew
    }

    /// How much later than `exp` a verifier may still accept a token.
    private static let leeway = Duration.seconds(30)

    /// How far the clocks of two replicas may differ.
    static let clockSkew = Duration.seconds(30)

    /// How long caches may use a key set that they have read: `max-age` and `stale-while-revalidate`.
    package static let cacheLifetime = Duration.seconds(300 + 60)

    /// How old a replica's last read of the keys may be while it signs.
    package static let staleness = Duration.seconds(3)

    /// How long a key is published before it signs in an emergency: every replica has read it then, or does not sign.
    package static let emergencyLead = Duration.seconds(5)

    /// How long a key is published before it signs in an emergency that leaves time for typical verifiers: those that fetch
    /// the key set when they meet an unknown key, and no sooner than ``refetchInterval`` after their last fetch.
    package static let hastyLead = refetchInterval + followed

    /// How soon after a fetch typical verifiers fetch again: PyJWT, jose, and `KeySetCache`.
    static let refetchInterval = Duration.seconds(30)

    /// The least lead that settings allow; a key with less is published in an emergency.
    static let leastPublishLead = Duration.seconds(600)

    /// When every server makes refresh tokens with a new key, even one that has just started, by any replica's clock.
    ///
    /// One that starts goes by its own clock to see whether the others know the key, and else waits for the lead
    /// (``KeySchedule``): so the clocks of who made the key, of that server and of who asks come into it.
    static let refreshKeySettling = emergencyLead * 2 + clockSkew * 3 + staleness

    /// How long after it was made every server that runs makes refresh tokens with a new key: read, and seen for the lead.
    package static let refreshKeyTakeover = staleness + emergencyLead + .seconds(2)

    /// When a replica has followed a change at the latest.
    static let followed = Duration.seconds(5)
}

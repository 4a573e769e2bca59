// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardVerifier

/// A status list as it is served, and what it was made of.
package struct SignedStatusList: Sendable {
    /// Its number.
    package let number: Int64
    /// What it shows.
    let bitmap: StatusBitmap
    /// The key that signed it.
    package let kid: KeyID
    /// Its `iat`: what was known then, it shows.
    package let issuedAt: UnixTime
    /// Its `exp`.
    package let expires: UnixTime
    /// The signed token.
    package let token: [UInt8]
    /// How long verifiers may use a copy.
    package let ttl: Duration

    /// Whether verifiers can rely on the list at `now`: its life is not over, and the key that signed it was not revoked since.
    package func isReliable(at now: UnixTime, under keyring: Keyring) -> Bool {
        now < expires && keyring.published.contains(id: kid.text)
    }

    /// Whether the list says at `now` what one that is signed now would say, with half of its life before it at least.
    ///
    /// One of the future is of a clock that was set back since.
    func isCurrent(_ bitmap: StatusBitmap, kid: KeyID, at now: UnixTime) -> Bool {
        self.kid == kid && issuedAt <= now && now < renewal && self.bitmap == bitmap
    }

    /// When it is signed anew at the latest.
    var renewal: UnixTime { issuedAt + expires.since(issuedAt) / 2 }
}

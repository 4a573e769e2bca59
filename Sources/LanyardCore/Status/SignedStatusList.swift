// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// A status list as it is served, and what it was made of.
package struct SignedStatusList: Sendable {
    /// Its number.
    package let number: Int64
    /// What it shows.
    let bitmap: StatusBitmap
    /// The key that signed it.
    package let kid: String
    /// Its `iat`: what was known then, it shows.
    package let issuedAt: UnixTime
    /// Its `exp`.
    package let expires: UnixTime
    /// The signed token.
    package let token: [UInt8]
    /// How long verifiers may use a copy.
    package let ttl: Duration

    /// Whether the list says at `now` what one that is signed now would say, with half of its life before it at least.
    ///
    /// One of the future is of a clock that was set back since.
    func isCurrent(_ bitmap: StatusBitmap, kid: String, at now: UnixTime) -> Bool {
        self.kid == kid && issuedAt <= now && now < renewal && self.bitmap == bitmap
    }

    /// When it is signed anew at the latest.
    var renewal: UnixTime { issuedAt + expires.since(issuedAt) / 2 }
}

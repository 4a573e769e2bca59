// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// A status list as it is served, and what it was made of.
struct SignedStatusList: Sendable {
    /// What it shows.
    let bitmap: StatusBitmap
    /// The key that signed it.
    let kid: String
    /// Its `iat`: what was known then, it shows.
    let issuedAt: UnixTime
    /// Its `exp`.
    let expires: UnixTime
    /// The token, ready to be sent.
    let document: PublicDocument

    /// Whether the list says at `now` what one that is signed now would say, with half of its life before it at least.
    ///
    /// One of the future is of a clock that was set back since.
    func isCurrent(_ bitmap: StatusBitmap, kid: String, at now: UnixTime) -> Bool {
        self.kid == kid && issuedAt <= now && now < renewal && self.bitmap == bitmap
    }

    /// When it is signed anew at the latest.
    var renewal: UnixTime { issuedAt + expires.since(issuedAt) / 2 }
}

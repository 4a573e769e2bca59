// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// A try to prove who one is, by what it is counted under.
///
/// Each key stands for a name, a network or both, and tells neither.
package struct AuthenticationTry: Equatable, Sendable {
    /// The name that is claimed, from the network that claims it.
    package var pair: [UInt8]
    /// The network, as wide as one subscriber's; `nil` if networks do not count for this try.
    package var network: [UInt8]?
    /// The wider network of a subscriber who has many; `nil` if there is none, or it does not count.
    package var site: [UInt8]?
    /// The account that is claimed, from whichever network; `nil` if that does not count.
    package var account: [UInt8]?

    /// Creates a try.
    package init(pair: [UInt8], network: [UInt8]?, site: [UInt8]?, account: [UInt8]?) {
        self.pair = pair
        self.network = network
        self.site = site
        self.account = account
    }
}

/// What became of an ``AuthenticationTry``.
package enum TryVerdict: Equatable, Sendable {
    /// It was right and within the limits.
    case right
    /// It was wrong, and is counted.
    case wrong
    /// A limit refuses it, right or wrong, and all like it until then; it is not counted.
    case limited(until: UnixTime)
}

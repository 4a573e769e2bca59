// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// How many accounts have each scheme and cost, as of the last count.
///
/// All replicas read the same count, and so agree on what a check costs for a name that is no account.
package struct PasswordSchemes: Equatable, Sendable {
    /// The accounts for each text of ``Account/scheme``; those not filled in are left out.
    package var counts: [String: Int64]
    /// When they were counted; `nil` if never.
    package var countedAt: UnixTime?

    /// Creates a count.
    package init(counts: [String: Int64], countedAt: UnixTime?) {
        self.counts = counts
        self.countedAt = countedAt
    }

    /// The most schemes that are counted; of more, the rarest are left out.
    package static let maximumSchemes = 256
}

// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// What a new password leaves as it is, and depends on.
package struct PasswordConditions: Equatable, Sendable {
    /// The session that goes on, and must not have ended; none if `nil`.
    package var kept: SessionID?
    /// The epoch that the account must still have; any if `nil`.
    package var epoch: Int64?

    /// Creates conditions.
    package init(keeping kept: SessionID? = nil, epoch: Int64? = nil) {
        self.kept = kept
        self.epoch = epoch
    }
}

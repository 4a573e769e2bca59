// SPDX-License-Identifier: Apache-2.0

package import LanyardStore

/// What came of disabling an account, or of enabling it.
package struct DisabledChange: Equatable, Sendable {
    /// Whether it was disabled before.
    package let wasDisabled: Bool
    /// The sessions that this ended.
    package let ended: [EndedSession]
}

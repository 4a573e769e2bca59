// SPDX-License-Identifier: Apache-2.0

package import LanyardStore

/// What the settings say of sessions.
package struct SessionPolicy: Sendable {
    /// How long sessions last.
    package var lifetimes: SessionLifetimes
    /// How many live sessions an account may have; one more ends the oldest.
    package var maximumPerAccount: Int
    /// Whether a refresh must come with an access token of its session, expired or not.
    package var requiresAccessToken: Bool

    /// Creates a policy.
    package init(lifetimes: SessionLifetimes, maximumPerAccount: Int, requiresAccessToken: Bool) {
        self.lifetimes = lifetimes
        self.maximumPerAccount = maximumPerAccount
        self.requiresAccessToken = requiresAccessToken
    }
}

// SPDX-License-Identifier: Apache-2.0

package import LanyardPasswords
package import LanyardStore

/// What the use cases need to know of the settings, already checked.
package struct Policies: Sendable {
    /// How access tokens are made.
    package var tokens: TokenPolicy
    /// What sessions are like.
    package var sessions: SessionPolicy
    /// What new passwords must be.
    package var passwords: PasswordPolicy
    /// How often a name may fail to prove itself; `nil` without limit.
    package var tryLimits: TryLimits? = TryLimits()

    /// Creates policies with the usual limits of failed attempts.
    package init(tokens: TokenPolicy, sessions: SessionPolicy, passwords: PasswordPolicy) {
        self.tokens = tokens
        self.sessions = sessions
        self.passwords = passwords
    }
}

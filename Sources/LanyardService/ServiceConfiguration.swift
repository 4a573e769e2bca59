// SPDX-License-Identifier: Apache-2.0

package import LanyardPasswords
package import LanyardStore

/// What the rules need to know of the settings, already checked.
package struct ServiceConfiguration: Sendable {
    /// The URL of the service.
    package var issuer: IssuerURL
    /// How access tokens are made.
    package var tokens: Tokens
    /// How long sessions last.
    package var sessions: SessionLifetimes
    /// Whether a refresh must come with an access token of its session, expired or not.
    package var requiresAccessToken: Bool
    /// How many live sessions an account may have; one more ends the oldest.
    package var maximumSessionsPerAccount: Int
    /// What new passwords must be.
    package var passwordPolicy: PasswordPolicy
    /// Which origins may read answers with credentials.
    package var allowedOrigins: AllowedOrigins
    /// Who is believed about the client's address; by default only processes of this host.
    package var trustedProxies = TrustedProxies([])
    /// The release that runs, for those who look after it.
    package var release = "unknown"
    /// Whether browsers are told to reach this host under TLS only.
    package var demandsTLS = false

    /// Creates a configuration.
    package init(
        issuer: IssuerURL, tokens: Tokens, sessions: SessionLifetimes, requiresAccessToken: Bool,
        maximumSessionsPerAccount: Int,
        passwordPolicy: PasswordPolicy, allowedOrigins: AllowedOrigins
    ) {
        self.issuer = issuer
        self.tokens = tokens
        self.sessions = sessions
        self.requiresAccessToken = requiresAccessToken
        self.maximumSessionsPerAccount = maximumSessionsPerAccount
        self.passwordPolicy = passwordPolicy
        self.allowedOrigins = allowedOrigins
    }

    /// How access tokens are made.
    package struct Tokens: Sendable {
        /// How long an access token lives.
        package var accessLifetime: Duration
        /// What may be asked for as audience; the first is the default.
        package var audience: [String]
        /// The `typ` of the header: `at+jwt` or `JWT`.
        package var type: String

        /// Creates token settings.
        ///
        /// `audience` has at least one member.
        package init(accessLifetime: Duration, audience: [String], type: String) {
            precondition(!audience.isEmpty, "an audience without members")
            self.accessLifetime = accessLifetime
            self.audience = audience
            self.type = type
        }
    }
}

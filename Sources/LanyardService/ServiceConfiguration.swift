// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
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
    /// How often a name may fail to prove itself; `nil` without limit.
    package var tryLimits: TryLimits? = TryLimits()
    /// The release that runs, for those who look after it.
    package var release = "unknown"
    /// The cookies of browsers' sessions.
    package var cookies = SessionCookies()
    /// Whether browsers are told to reach this host under TLS only.
    package var demandsTLS = false
    /// Whether it is a developer's server, which has a page to try things on.
    package var isDevelopment = false
    /// What the status lists are like; `nil` if there are none.
    package var status: StatusPolicy?

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

        /// Every audience that a token of this issuer can have, the first being the default.
        package var everyAudience: [String] {
            audience.contains { $0.hasSameBytes(as: Self.adminAudience) } ? audience : audience + [Self.adminAudience]
        }

        /// Returns whether who holds `roles` may ask for `audience`.
        package func allows(_ audience: String, holding roles: [String]) -> Bool {
            guard everyAudience.contains(where: { $0.hasSameBytes(as: audience) }) else { return false }
            return !audience.hasSameBytes(as: Self.adminAudience)
                || roles.contains { $0.hasSameBytes(as: Self.adminRole) }
        }

        /// Returns what an account that holds `roles` may still request of `audience`.
        func permitted(_ audience: [String], holding roles: [String]) -> [String] {
            audience.filter { allows($0, holding: roles) }
        }

        /// Judges the audience of a session whose account holds `roles` now.
        func judge(_ audience: [String], holding roles: [String]) -> AudienceVerdict {
            guard permitted(audience, holding: roles).isEmpty else { return .permitted }
            // What the settings of this server lack may be served by another, or again after the next restart.
            let isServed = { (name: String) in everyAudience.contains { $0.hasSameBytes(as: name) } }
            return audience.allSatisfy(isServed) ? .lost : .notServed
        }

        /// The audience of the admin interface, which is asked for by name and never the default.
        package static let adminAudience = "lanyard-admin"

        /// The role without which nobody may ask for ``adminAudience``.
        package static let adminRole = "lanyard-admin"
    }
}

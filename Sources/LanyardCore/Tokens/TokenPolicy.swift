// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardStore

/// How access tokens are made, and which audiences they may have.
package struct TokenPolicy: Sendable {
    /// The URL of the service, the `iss` of its tokens.
    package var issuer: IssuerURL
    /// How long an access token lives.
    package var accessLifetime: Duration
    /// What may be asked for as audience; the first is the default.
    package var audience: [String]
    /// The `typ` of the header: `at+jwt` or `JWT`.
    package var type: String
    /// What the status lists are like; `nil` if there are none, so that tokens name none.
    package var status: StatusPolicy?

    /// Creates a policy.
    ///
    /// `audience` has at least one member.
    package init(issuer: IssuerURL, accessLifetime: Duration, audience: [String], type: String) {
        precondition(!audience.isEmpty, "an audience without members")
        self.issuer = issuer
        self.accessLifetime = accessLifetime
        self.audience = audience
        self.type = type
    }

    /// Every audience that a token of this issuer can have, the first being the default.
    package var everyAudience: [String] {
        audience.holds(Self.adminAudience) ? audience : audience + [Self.adminAudience]
    }

    /// Returns whether an account or client that holds `roles` may request all of `audience`.
    package func allows(_ audience: [String], holding roles: [String]) -> Bool {
        audience.allSatisfy { allows($0, holding: roles) }
    }

    /// Returns whether an account or client that holds `roles` may request `audience`.
    package func allows(_ audience: String, holding roles: [String]) -> Bool {
        guard everyAudience.holds(audience) else { return false }
        return !audience.hasSameBytes(as: Self.adminAudience)
            || roles.holds(Self.adminRole)
    }

    /// Returns what an account that holds `roles` may still request of `audience`.
    func permitted(_ audience: [String], holding roles: [String]) -> [String] {
        audience.filter { allows($0, holding: roles) }
    }

    /// Judges the audience of a session whose account holds `roles` now.
    func judge(_ audience: [String], holding roles: [String]) -> AudienceVerdict {
        guard permitted(audience, holding: roles).isEmpty else { return .permitted }
        // What the settings of this server lack may be served by another, or again after the next restart.
        return audience.allSatisfy(everyAudience.holds) ? .lost : .notServed
    }

    /// The audience of the admin interface, which is asked for by name and never the default.
    package static let adminAudience = "lanyard-admin"

    /// The role without which nobody may ask for ``adminAudience``.
    package static let adminRole = "lanyard-admin"
}

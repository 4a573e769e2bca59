// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardStore

/// How access tokens are made, and which audiences they may have.
package struct TokenPolicy: Sendable {
    /// The URL of the service, the `iss` of its tokens.
    package var issuer: IssuerURL
    /// How long an access token lives.
    package var accessLifetime: Duration
    /// What may be asked for as audience; the first is the default.
    package var audience: Audiences
    /// The `typ` of the header: `at+jwt` or `JWT`.
    package var type: String
    /// What the status lists are like; `nil` if there are none, so that tokens name none.
    package var status: StatusPolicy?

    /// Creates a policy.
    ///
    /// `audience` has at least one member.
    package init(issuer: IssuerURL, accessLifetime: Duration, audience: Audiences, type: String) {
        precondition(!audience.isEmpty, "an audience without members")
        self.issuer = issuer
        self.accessLifetime = accessLifetime
        self.audience = audience
        self.type = type
    }

    /// Every audience that a token of this issuer can have, the first being the default.
    package var everyAudience: Audiences { audience.union([Self.adminAudience]) }

    /// Returns whether a token of this issuer can have `audience`.
    package func serves(_ audience: Audience) -> Bool {
        audience == Self.adminAudience || self.audience.contains(audience)
    }

    /// Returns whether an account or client that holds `roles` may request all of `audiences`.
    package func allows(_ audiences: Audiences, holding roles: Roles) -> Bool {
        audiences.allSatisfy { allows($0, holding: roles) }
    }

    /// Returns whether an account or client that holds `roles` may request `audience`.
    package func allows(_ audience: Audience, holding roles: Roles) -> Bool {
        audience == Self.adminAudience ? roles.contains(Self.adminRole) : self.audience.contains(audience)
    }

    /// Returns what an account that holds `roles` may still request of `audiences`.
    func permitted(_ audiences: Audiences, holding roles: Roles) -> Audiences {
        audiences.filter { allows($0, holding: roles) }
    }

    /// Judges the audience of a session whose account holds `roles` now.
    func judge(_ audiences: Audiences, holding roles: Roles) -> AudienceVerdict {
        guard !audiences.contains(where: { allows($0, holding: roles) }) else { return .permitted }
        // What the settings of this server lack may be served by another, or again after the next restart.
        return audiences.allSatisfy(serves) ? .lost : .notServed
    }

    /// The audience of the admin interface, which is asked for by name and never the default.
    package static let adminAudience: Audience = "lanyard-admin"

    /// The role without which nobody may ask for ``adminAudience``.
    package static let adminRole: Role = "lanyard-admin"
}

// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardCore

/// The settings of the access tokens: `tokens.*`.
package struct TokenSettings: Sendable {
    /// How long an access token is good.
    package let accessLifetime: Duration
    /// The audiences that may be asked for; the first is the default.
    package let audiences: Audiences
    /// The `typ` of an access token.
    package let type: TokenType

    /// Reads the group.
    package init(from reader: inout SettingReader) throws(SettingsError) {
        accessLifetime = try reader.read(.accessLifetime, as: .duration("30s", "24h"))
        audiences = Audiences(distinct: try reader.read(.audience, as: .list(of: .audience)))
        type = try reader.read(.type, as: .word)
    }

    /// How the access tokens of `issuer` are made.
    func policy(issuer: IssuerURL, status: StatusPolicy?) -> TokenPolicy {
        var policy = TokenPolicy(
            issuer: issuer, accessLifetime: accessLifetime, audience: audiences, type: type.rawValue)
        policy.status = status
        return policy
    }

    /// The `typ` of an access token: RFC 9068's, or what older verifiers want.
    package enum TokenType: String, CaseIterable, Sendable {
        case accessToken = "at+jwt"
        case jwt = "JWT"
    }
}

extension Setting {
    fileprivate static let accessLifetime = Self(
        "tokens.access_lifetime", default: "15m",
        help: "How long an access token is good. Shorter means more refreshes and a smaller loss when one is stolen.")
    fileprivate static let audience = Self(
        "tokens.audience", default: "lanyard",
        help: "The audiences that may be asked for, with commas between them; the first is the default.")
    fileprivate static let type = Self(
        "tokens.type", default: "at+jwt",
        help: "The typ in the header of an access token: at+jwt (RFC 9068), or JWT for verifiers that know no other.")
}

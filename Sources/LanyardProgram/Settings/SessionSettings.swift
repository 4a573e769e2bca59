// SPDX-License-Identifier: Apache-2.0

package import LanyardAPI
package import LanyardCore
internal import LanyardStore

/// The settings of the sessions: `sessions.*`.
package struct SessionSettings: Sendable {
    /// What sessions are like.
    package let policy: SessionPolicy
    /// The cookies of browsers' sessions.
    package let cookies: SessionCookies

    /// Reads the group.
    package init(from reader: inout SettingReader, isDevelopment: Bool) throws(SettingsError) {
        let lifetimes = SessionLifetimes(
            idle: try reader.read(.idleLifetime, as: .duration("10s", "365d")),
            absolute: try reader.read(.absoluteLifetime, as: .duration("10s", "3650d")),
            refreshGrace: try reader.read(.refreshGrace, as: .duration("0s", "60s")))
        let requiresAccessToken = try reader.read(.requiresAccessToken, as: .boolean)
        let name = try reader.read(isDevelopment ? .developmentCookieName : .cookieName, as: .cookieName)
        // In development there is no TLS; a name that demands `Secure` of a cookie has it all the
        // same (RFC 6265bis §4.1.3).
        cookies = SessionCookies(
            name: name, sameSite: try reader.read(.cookieSameSite, as: SettingKind<SameSite>.word).rawValue,
            isSecure: !isDevelopment || name.hasPrefix("__"))
        policy = SessionPolicy(
            lifetimes: lifetimes, maximumPerAccount: try reader.read(.maximumPerAccount, as: .integer(1...10_000)),
            requiresAccessToken: requiresAccessToken)
    }

    /// The `SameSite` of a cookie (RFC 6265bis §5.6.7); `None` would send it everywhere and is not
    /// offered.
    private enum SameSite: String, CaseIterable, Sendable {
        case strict = "Strict"
        case lax = "Lax"
    }
}

extension Setting {
    fileprivate static let idleLifetime = Self(
        "sessions.idle_lifetime", default: "14d", help: "How long a session lives without a refresh.")
    fileprivate static let absoluteLifetime = Self(
        "sessions.absolute_lifetime", default: "30d",
        help:
            "How long a session lives after its login, whatever happens; not less than LANYARD_SESSIONS_IDLE_LIFETIME.")
    fileprivate static let refreshGrace = Self(
        "sessions.refresh_grace", default: "10s",
        help: """
            How long after a rotation the refresh token before is answered with the same successor, for tabs and \
            retries. 0s closes the window in which a thief cannot be told from a retry.
            """)
    fileprivate static let requiresAccessToken = Self(
        "sessions.require_access_token", default: "false",
        help: "Whether a refresh must come with an access token of the session, expired or not.")
    fileprivate static let cookieName = cookieName(default: "__Host-lanyard")
    fileprivate static let developmentCookieName = cookieName(default: "lanyard-dev")

    private static func cookieName(default fallback: String) -> Self {
        Self(
            "sessions.cookie_name", default: fallback,
            help:
                "The name of the cookie with the refresh token; with -access behind it, of that with the access token.")
    }

    fileprivate static let cookieSameSite = Self(
        "sessions.cookie_same_site", default: "Strict",
        help: "Which requests from pages of other sites carry the cookies: Strict means none, Lax means links.")
    fileprivate static let maximumPerAccount = Self(
        "sessions.max_per_account", default: "100",
        help: "Sessions of one account at one time; one more ends the oldest.")
}

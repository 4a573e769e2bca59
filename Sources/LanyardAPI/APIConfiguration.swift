// SPDX-License-Identifier: Apache-2.0

package import LanyardCore
package import LanyardWeb

/// What the interfaces need to know of the settings, already checked.
package struct APIConfiguration: Sendable {
    /// What the use cases need to know.
    package var policies: Policies
    /// Which origins may read answers with credentials.
    package var allowedOrigins: AllowedOrigins
    /// The proxies whose word about the client's address counts; by default only processes of this host.
    package var trustedProxies = TrustedProxies([])
    /// The release that runs.
    package var release = "unknown"
    /// The cookies of browsers' sessions.
    package var cookies = SessionCookies()
    /// Whether browsers must reach this host under TLS only.
    package var demandsTLS = false
    /// Whether it is a developer's server, which has a page to try things on.
    package var isDevelopment = false

    /// Creates a configuration.
    package init(policies: Policies, allowedOrigins: AllowedOrigins) {
        self.policies = policies
        self.allowedOrigins = allowedOrigins
    }

    /// The URL of the service.
    package var issuer: IssuerURL { policies.tokens.issuer }
}

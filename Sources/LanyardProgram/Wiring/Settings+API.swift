// SPDX-License-Identifier: Apache-2.0

internal import LanyardAPI
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardWeb

extension Settings {
    /// What both interfaces need to know of the settings.
    ///
    /// - Parameter port: The port that the first listener has got.
    /// - Returns: The configuration of both interfaces.
    /// - Throws: A failure with status 78 if the blocklist cannot be read.
    func apiConfiguration(port: UInt16?) throws(Failure) -> APIConfiguration {
        var policies = Policies(
            tokens: tokens.policy(issuer: issuer(port: port), status: status.policy), sessions: sessions.policy,
            passwords: try passwordPolicy())
        policies.tryLimits = abuse.limitsInForce
        var configuration = APIConfiguration(policies: policies, allowedOrigins: allowedOrigins)
        configuration.trustedProxies = trustedProxies
        configuration.release = Version.current
        configuration.cookies = sessions.cookies
        // A browser would keep it for the developer's other servers on localhost too, whatever their ports (RFC 6797 §8.3).
        configuration.demandsTLS = hasTLS && !isDevelopment
        configuration.isDevelopment = isDevelopment
        return configuration
    }

    /// Who is believed about the client's address.
    var trustedProxies: TrustedProxies { TrustedProxies(http.trustedProxies) }

    /// The origins that may call with credentials.
    var allowedOrigins: AllowedOrigins {
        // Loopback pages are the developer's own; a development server that others reach allows only what is set.
        AllowedOrigins(http.allowedOrigins, allowsLoopback: isDevelopment && isLoopbackOnly)
    }

    /// Whether only this machine reaches the public listeners.
    var isLoopbackOnly: Bool { http.listen.allSatisfy(\.isLocal) }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardCore
internal import LanyardHTTP
internal import LanyardStore

extension Settings {
    /// Refuses values that are good alone and bad together.
    func checkTogether() throws(SettingsError) {
        try checkListeners()
        try checkIssuer()
        try require(
            keys.policy.rotationInterval == .zero || keys.policy.rotationInterval >= keys.policy.publishLead * 2,
            of: ["keys.rotate_every", "keys.publish_lead"],
            "LANYARD_KEYS_ROTATE_EVERY must be 0 or at least 2 x LANYARD_KEYS_PUBLISH_LEAD")
        try require(
            tokens.audiences.first != TokenPolicy.adminAudience, of: ["tokens.audience"],
            "\(TokenPolicy.adminAudience) is never the default audience; put another one first")
        try require(
            sessions.policy.lifetimes.absolute >= sessions.policy.lifetimes.idle,
            of: ["sessions.absolute_lifetime", "sessions.idle_lifetime"],
            "LANYARD_SESSIONS_ABSOLUTE_LIFETIME must be at least LANYARD_SESSIONS_IDLE_LIFETIME")
        try require(
            passwords.minimumLength <= passwords.maximumLength, of: ["passwords.min_length", "passwords.max_length"],
            "LANYARD_PASSWORDS_MIN_LENGTH must be at most LANYARD_PASSWORDS_MAX_LENGTH")
        try require(
            abuse.limits.longestDelay >= abuse.limits.firstDelay, of: ["abuse.longest_delay", "abuse.first_delay"],
            "LANYARD_ABUSE_LONGEST_DELAY must be at least LANYARD_ABUSE_FIRST_DELAY")
    }

    private func checkListeners() throws(SettingsError) {
        try require(
            (http.tlsCertificate == nil) == (http.tlsKey == nil), of: ["http.tls_certificate", "http.tls_key"],
            "LANYARD_HTTP_TLS_CERTIFICATE and LANYARD_HTTP_TLS_KEY go together; set both or neither")
        try require(
            !http.proxyProtocol || !http.trustedProxies.isEmpty, of: ["http.proxy_protocol"],
            "the PROXY header is believed of trusted proxies only; set LANYARD_HTTP_TRUSTED_PROXIES")
        let bound = (http.listen + [management.listen].compactMap(\.self)).filter { $0.port != 0 }
        for (index, address) in bound.enumerated() where bound[..<index].contains(address) {
            throw contradiction(
                ["http.listen", "management.listen"], "\(address) is there twice; each listener needs its own address")
        }
    }

    private func checkIssuer() throws(SettingsError) {
        guard givenIssuer == nil, let first = http.listen.first else { return }
        if first.isUnnamed {
            throw contradiction(
                isActivated ? ["issuer"] : ["http.listen"],
                "clients cannot be told the address \(first); set LANYARD_ISSUER to the URL that they use")
        }
        guard isDevelopment, let far = http.listen.first(where: { !$0.isLocal }) else { return }
        throw contradiction(
            ["http.listen"],
            "--dev on \(far), which other machines reach, needs LANYARD_ISSUER; set it, or listen on 127.0.0.1")
    }

    private func require(_ isMet: Bool, of keys: [String], _ rule: String) throws(SettingsError) {
        if !isMet { throw contradiction(keys, rule) }
    }

    /// The error names the first of the settings that somebody set: that is where the mistake can be mended.
    private func contradiction(_ keys: [String], _ rule: String) -> SettingsError {
        let concerned = keys.compactMap { key in records.first { $0.setting.key == key } }
        guard let blamed = concerned.first(where: { $0.origin != .fallback }) ?? concerned.first else {
            preconditionFailure("A rule names no setting.")
        }
        return .contradiction(name: blamed.setting.name, origin: blamed.origin, rule: rule)
    }
}

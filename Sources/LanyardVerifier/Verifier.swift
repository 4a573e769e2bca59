// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardCrypto

/// Checks the access tokens of one issuer without asking it (RFC 9068 §4).
///
/// ```swift
/// let verifier = Verifier(issuer: "https://auth.example.com", audience: "feeds")
/// let token = try verifier.verify(bearer, keys: keys, at: .now)
/// guard token.roles.contains("reader") else { … }
/// ```
///
/// A verifier holds no state and reads no clock. Whether a token was revoked is checked with a ``StatusListCache``, and not
/// without one.
public struct Verifier: Sendable {
    /// What may be chosen about the checks; no choice leaves one out.
    public struct Options: Sendable {
        /// How far the clocks of issuer and verifier may differ: 0 to 300 s, by default 30 s.
        public var leeway: Duration = .seconds(30)

        /// The types that are accepted; by default access tokens only.
        public var types: [TokenType] = [.accessToken]

        /// The algorithms that are accepted; by default all that there are.
        public var algorithms: [SignatureAlgorithm] = SignatureAlgorithm.allCases

        /// Creates the default options.
        public init() {}
    }

    package let rules: VerificationRules

    /// Creates a verifier for one audience.
    ///
    /// - Parameters:
    ///   - issuer: The issuer's name, exactly as it stands in `iss`.
    ///   - audience: The name by which the issuer knows this service.
    ///   - options: What may be chosen.
    /// - Precondition: The leeway is 0 to 300 s.
    public init(issuer: String, audience: String, options: Options = Options()) {
        self.init(issuer: issuer, audiences: [audience], options: options)
    }

    /// Creates a verifier for a service with several names.
    ///
    /// - Parameters:
    ///   - issuer: The issuer's name, exactly as it stands in `iss`.
    ///   - audiences: Names by which the issuer knows this service; a token must have one of them.
    ///   - options: What may be chosen.
    /// - Precondition: The leeway is 0 to 300 s.
    public init(issuer: String, audiences: [String], options: Options = Options()) {
        precondition((.zero ... .seconds(300)).contains(options.leeway), "a leeway is 0 to 300 s")
        var rules = VerificationRules(issuer: issuer, audiences: audiences)
        rules.types = options.types
        rules.algorithms = options.algorithms.map(\.signing)
        rules.expiryLeeway = options.leeway
        rules.startLeeway = options.leeway
        self.init(rules: rules)
    }

    /// Creates a verifier with rules of the issuer's own.
    package init(rules: VerificationRules) {
        self.rules = rules
    }

    /// Returns what `token` says if this verifier accepts it.
    ///
    /// The checks run in the order of ``TokenError``'s cases; the first that fails is thrown. The claims are not even
    /// read before the signature is found good. Does not check whether the token was revoked: see
    /// ``verify(_:keys:statuses:at:)``.
    ///
    /// - Parameters:
    ///   - token: A JWS in compact form, at most ``UnverifiedToken/maximumBytes``.
    ///   - keys: The issuer's current keys. An unknown `kid` is refused, never guessed.
    ///   - now: The instant that `exp`, `nbf` and `iat` are judged against, usually ``NumericDate/now``.
    /// - Returns: A token whose signature, type, issuer, audience, times and claims have been checked.
    /// - Throws: ``TokenError``.
    ///
    /// Source: RFC 9068 §4, RFC 7519 §7.2, RFC 8725 §3.
    public func verify(_ token: String, keys: KeySet, at now: NumericDate) throws(TokenError) -> VerifiedToken {
        try verify(UnverifiedToken(token), keys: keys, at: now)
    }

    /// Returns what `token` says if this verifier accepts it; see ``verify(_:keys:at:)-(String,_,_)``.
    ///
    /// - Parameters:
    ///   - token: A token whose outer form was read.
    ///   - keys: The issuer's current keys. An unknown `kid` is refused, never guessed.
    ///   - now: The instant that `exp`, `nbf` and `iat` are judged against.
    /// - Returns: A token whose signature, type, issuer, audience, times and claims have been checked.
    /// - Throws: ``TokenError``.
    public func verify(
        _ token: UnverifiedToken, keys: KeySet, at now: NumericDate
    ) throws(TokenError) -> VerifiedToken {
        try token.requireType(rules.types)
        let payload = try token.payload(signedBy: keys, algorithms: rules.algorithms)
        return try VerifiedToken(ClaimReader(parsing: payload), keyID: token.keyID, rules: rules, now: now)
    }
}

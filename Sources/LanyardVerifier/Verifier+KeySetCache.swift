// SPDX-License-Identifier: Apache-2.0

extension Verifier {
    /// Returns what `token` says if this verifier accepts it, with keys that are fetched when they must be.
    ///
    /// Does not check whether the token was revoked: see ``verify(_:keys:statuses:at:)``.
    ///
    /// - Parameters:
    ///   - token: A JWS in compact form, at most ``UnverifiedToken/maximumBytes``.
    ///   - cache: The keys of this verifier's issuer.
    ///   - now: The instant that `exp`, `nbf` and `iat` are judged against.
    /// - Returns: A token whose signature, type, issuer, audience, times and claims have been checked.
    /// - Throws: ``TokenError``; ``TokenError/keysUnavailable`` says nothing against the token: answer 503, not 401.
    public func verify(
        _ token: String, keys cache: KeySetCache, at now: NumericDate
    ) async throws(TokenError) -> VerifiedToken {
        let token = try UnverifiedToken(token)
        let keys: KeySet
        do { keys = try await cache.keys(for: token.keyID) } catch { throw .keysUnavailable }
        return try verify(token, keys: keys, at: now)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardCoding

/// An access token that was checked: nothing but a ``Verifier`` can make one.
///
/// Who holds one need not check again what ``Verifier/verify(_:keys:at:)-(String,_,_)`` has checked. What happened after
/// the token was issued was checked only by ``Verifier/verify(_:keys:statuses:at:)``, as of the list it used.
///
/// Nothing in it changes; it is a class so that handing it on costs one reference count, not one for each claim.
public final class VerifiedToken: Sendable {
    /// `iss`: who issued the token.
    public let issuer: String
    /// `sub`: the account, or the client itself if ``sessionID`` is `nil`; stable, never reused within ``issuer``.
    public let subject: String
    /// `aud`: for whom the token is; this service and possibly others.
    public let audience: [String]
    /// `exp`: from this instant on the token is void.
    public let expires: NumericDate
    /// `iat`: when the token was issued.
    public let issuedAt: NumericDate
    /// `nbf`: before this instant the token is not valid.
    public let notBefore: NumericDate?
    /// `jti`: the token's own name.
    public let id: String
    /// `client_id`: the client to which the token was issued.
    public let clientID: String
    /// `sid`: the session; `nil` for a token that a service got for itself.
    public let sessionID: String?
    /// `preferred_username`: the account's name, which may change; for display, never as a key.
    public let username: String?
    /// `roles`; empty if the token has none.
    public let roles: [String]
    /// `scope`, as one text with blanks.
    public let scope: String?
    /// `auth_time`: when the password was last given.
    public let authenticatedAt: NumericDate?
    /// `amr`: how the account was authenticated, such as `pwd`; empty if the token does not say.
    public let authenticationMethods: [String]
    /// `status`: where the token's status can be looked up; `nil` for a token that has none.
    public let status: StatusReference?
    /// The `kid` of the key that signed the token.
    public let keyID: String?

    /// All claims.
    package let claims: JSONObject

    /// The value of any claim, checked no further than that it is JSON; `nil` where there is none.
    ///
    /// Names are compared byte by byte.
    public subscript(claim name: String) -> ClaimValue? { claims[name].map(ClaimValue.init) }

    /// All claims as one JSON object, for a decoder of your own.
    public var claimsJSON: String { JSONValue.object(claims).text }

    /// Checks the claims of a token whose signature was found good.
    init(_ reader: ClaimReader, keyID: String?, rules: VerificationRules, now: NumericDate) throws(TokenError) {
        issuer = try reader.requiredText("iss")
        guard issuer.hasSameBytes(as: rules.issuer) else { throw .wrongIssuer }

        audience = try reader.audience()
        guard rules.accepts(audience) else { throw .wrongAudience }

        expires = try reader.required("exp", reader.date)
        notBefore = try reader.date("nbf")
        issuedAt = try reader.required("iat", reader.date)
        try rules.check(expires: expires, notBefore: notBefore, issuedAt: issuedAt, now: now)

        subject = try reader.requiredText("sub")
        clientID = try reader.requiredText("client_id")
        id = try reader.requiredText("jti")
        sessionID = try reader.text("sid")
        username = try reader.text("preferred_username")
        roles = try reader.texts("roles") ?? []
        scope = try reader.text("scope")
        authenticatedAt = try reader.date("auth_time")
        authenticationMethods = try reader.texts("amr") ?? []
        status = try reader.status()
        guard reader.object["cnf"] == nil else { throw .boundToKey }

        claims = reader.object
        self.keyID = keyID
    }
}

extension VerificationRules {
    fileprivate func accepts(_ audience: [String]) -> Bool {
        guard let audiences else { return true }
        return audience.contains { one in audiences.contains { $0.hasSameBytes(as: one) } }
    }

    /// Compares so that at a time that is no number every token is expired.
    fileprivate func check(
        expires: NumericDate, notBefore: NumericDate?, issuedAt: NumericDate, now: NumericDate
    ) throws(TokenError) {
        // RFC 7519 §4.1.4: the current time must be before `exp`; at it is too late.
        if let expiryLeeway {
            guard now < expires + expiryLeeway else { throw .expired(at: expires) }
        }
        let latest = now + startLeeway
        if let notBefore {
            guard latest >= notBefore else { throw .notYetValid(until: notBefore) }
        }
        guard latest >= issuedAt else { throw .issuedInFuture(at: issuedAt) }
    }
}

// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardCoding
package import LanyardCrypto
package import LanyardStore

/// Makes access tokens on one thread at a time: JWTs after RFC 9068, in the compact form of RFC 7515 §7.1.
package final class AccessTokenIssuer {
    let issuer: IssuerURL
    private let signer: TokenSigner
    /// What signs.
    var algorithm: SigningAlgorithm { signer.algorithm }
    let lifetime: Duration
    /// Whether tokens name the place of their session or client in the status lists.
    let hasStatus: Bool

    /// Creates an issuer that signs with `key`.
    ///
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    package init(_ policy: TokenPolicy, key: SigningKey) throws(CryptoError) {
        issuer = policy.issuer
        lifetime = policy.accessLifetime
        hasStatus = policy.status != nil
        signer = try TokenSigner(key, type: policy.type)
    }

    /// Returns a token for a session, and when it expires: after the access lifetime, but never after the
    /// session, nor after what its row says of its tokens.
    ///
    /// - Parameters:
    ///   - session: The session, as it is after a login or a refresh.
    ///   - account: The account, as it is now.
    ///   - sessionEnd: The absolute end of the session.
    ///   - now: The `iat` of the token.
    /// - Returns: The compact token and its `exp`.
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    package func token(
        for session: Session, of account: Account, sessionEnd: UnixTime, at now: UnixTime
    ) throws(CryptoError) -> (token: [UInt8], expires: UnixTime) {
        let expires = min(now + lifetime, sessionEnd, session.tokensUntil)
        return (try token(of: claims(session, account, expires: expires, now: now)), expires)
    }

    /// Signs `claims`, a JSON object.
    func token(of claims: [UInt8]) throws(CryptoError) -> [UInt8] {
        try signer.token(claiming: claims)
    }

    private func claims(_ session: Session, _ account: Account, expires: UnixTime, now: UnixTime) -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writeStandardClaims(
            to: &writer, subject: account.id.text, client: Self.firstPartyClient, audience: session.audience,
            from: now, until: expires)
        writer.member("sid", session.id.text)
        // RFC 9068 §2.2.1: what is said of the login stays as it was through all refreshes.
        writer.member("auth_time", session.createdAt.seconds)
        writer.member("amr", ["pwd"])
        writer.member("preferred_username", account.name)
        writer.member("roles", session.roles(of: account).texts)
        if hasStatus, let status = session.status { write(status, to: &writer) }
        AccountClaims(trusted: account.claims).write(to: &writer)
        writer.endObject()
        return writer.finish()
    }

    /// Writes the claims that every access token has (RFC 9068 §2.2).
    func writeStandardClaims(
        to writer: inout JSONWriter, subject: String, client: ClientID, audience: Audiences, from now: UnixTime,
        until expires: UnixTime
    ) {
        writer.member("iss", issuer.text)
        writer.member("sub", subject)
        if audience.count == 1 {
            writer.member("aud", audience.texts[0])  // RFC 7519 §4.1.3: one string when single.
        } else {
            writer.member("aud", audience.texts)
        }
        writer.member("exp", expires.seconds)
        writer.member("iat", now.seconds)
        writer.member("nbf", now.seconds)
        writer.member("jti", Base64URL.encode(SecureRandom.bytes(16)))
        writer.member("client_id", client.text)
    }

    /// Writes where the status of the token can be looked up (Token Status List §6.2).
    func write(_ status: StatusIndex, to writer: inout JSONWriter) {
        writer.name("status")
        writer.beginObject()
        writer.name("status_list")
        writer.beginObject()
        writer.member("idx", status.index)
        writer.member("uri", StatusPolicy.uri(of: status.list, at: issuer))
        writer.endObject()
        writer.endObject()
    }

    /// The most bytes of a token that verifiers are asked to take.
    package static let maximumBytes = 8_192

    /// What roles and claims may take of such a token, encoded at 4 bytes for 3.
    static let maximumShareBytes = 4_096

    /// The `client_id` of logins (RFC 9068 §2.2); no service client can have this name.
    package static let firstPartyClient: ClientID = "lanyard"
}

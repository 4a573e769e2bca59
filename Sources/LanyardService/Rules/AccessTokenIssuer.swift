// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardCoding
package import LanyardCrypto
package import LanyardStore

/// Makes access tokens on one thread at a time: JWTs after RFC 9068, in the compact form of RFC 7515 §7.1.
package final class AccessTokenIssuer {
    let issuer: String
    private let signer: Signer
    /// What signs.
    var algorithm: SigningAlgorithm { signer.algorithm }
    let lifetime: Duration
    /// The encoded header and its dot, the same for every token of one key.
    private let headerPart: [UInt8]

    /// Creates an issuer that signs with `key`.
    ///
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    package init(_ configuration: ServiceConfiguration, key: SigningKey) throws(CryptoError) {
        issuer = configuration.issuer.text
        lifetime = configuration.tokens.accessLifetime
        signer = try Signer(key.key)
        var header = JSONWriter()
        header.beginObject()
        header.member("alg", key.key.algorithm.rawValue)
        header.member("kid", key.kid)
        header.member("typ", configuration.tokens.type)
        header.endObject()
        headerPart = Array((Base64URL.encode(header.finish()) + ".").utf8)
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
        var token = headerPart
        Base64URL.append(claims.span, to: &token)
        let signature = try signer.sign(token)
        token.append(UInt8(ascii: "."))
        Base64URL.append(signature.span, to: &token)
        return token
    }

    private func claims(_ session: Session, _ account: Account, expires: UnixTime, now: UnixTime) -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.member("iss", issuer)
        writer.member("sub", account.id)
        if session.audience.count == 1 {
            writer.member("aud", session.audience[0])  // RFC 7519 §4.1.3: one string when single.
        } else {
            writer.member("aud", session.audience)
        }
        writer.member("exp", expires.seconds)
        writer.member("iat", now.seconds)
        writer.member("nbf", now.seconds)
        writer.member("jti", Base64URL.encode(SecureRandom.bytes(16)))
        writer.member("client_id", Self.firstPartyClient)
        writer.member("sid", session.id)
        // RFC 9068 §2.2.1: what is said of the login stays as it was through all refreshes.
        writer.member("auth_time", session.createdAt.seconds)
        writer.member("amr", ["pwd"])
        writer.member("preferred_username", account.name)
        writer.member("roles", session.roles(of: account))
        AccountClaims(trusted: account.claims).write(to: &writer)
        writer.endObject()
        return writer.finish()
    }

    /// The most bytes of a token that verifiers are asked to take.
    package static let maximumBytes = 8_192

    /// The `client_id` of logins (RFC 9068 §2.2); no service client can have this name.
    package static let firstPartyClient = "lanyard"
}

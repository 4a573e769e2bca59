// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCrypto
internal import LanyardStore

extension AccessTokenIssuer {
    /// Returns a token for a service client, and when it expires.
    ///
    /// It has no session, but the status of its client.
    func token(
        forClient client: ServiceClient, audience: [String], roles: [String], at now: UnixTime
    ) throws(CryptoError) -> (token: [UInt8], expires: UnixTime) {
        let expires = now + lifetime
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.member("iss", issuer.text)
        writer.member("sub", client.id)  // RFC 9068 §2.2: without a resource owner, the client itself.
        if audience.count == 1 {
            writer.member("aud", audience[0])  // RFC 7519 §4.1.3: one string when single.
        } else {
            writer.member("aud", audience)
        }
        writer.member("exp", expires.seconds)
        writer.member("iat", now.seconds)
        writer.member("nbf", now.seconds)
        writer.member("jti", Base64URL.encode(SecureRandom.bytes(16)))
        writer.member("client_id", client.id)
        writer.member("roles", roles)
        if hasStatus, let status = client.status { write(status, to: &writer) }
        writer.endObject()
        return (try token(of: writer.finish()), expires)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCrypto
internal import LanyardStore

extension AccessTokenIssuer {
    /// Returns a token for what a service client was granted, and when it expires.
    ///
    /// It has no session, but the status of its client.
    func token(
        for grant: GrantClientToken.Grant, at now: UnixTime
    ) throws(CryptoError) -> (token: [UInt8], expires: UnixTime) {
        let expires = now + lifetime
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        // RFC 9068 §2.2: without a resource owner, the subject is the client itself.
        writeStandardClaims(
            to: &writer, subject: grant.client.id.text, client: grant.client.id, audience: grant.audience, from: now,
            until: expires)
        writer.member("roles", grant.roles.texts)
        if hasStatus, let status = grant.client.status { write(status, to: &writer) }
        writer.endObject()
        return (try token(of: writer.finish()), expires)
    }
}

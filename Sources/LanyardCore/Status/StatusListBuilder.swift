// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCrypto

/// Makes signed status lists (Token Status List §4, §5.1).
struct StatusListBuilder: Sendable {
    private let issuer: IssuerURL
    private let policy: StatusPolicy

    init(_ issuer: IssuerURL, _ policy: StatusPolicy) {
        self.issuer = issuer
        self.policy = policy
    }

    /// Returns a list that shows `bitmap`, signed with the key of `signer`.
    ///
    /// - Parameters:
    ///   - number: The number of the list.
    ///   - bitmap: The bits of sessions that were ended.
    ///   - signer: Signs with ``tokenType``.
    ///   - now: When the bits were read, or before.
    /// - Returns: The list.
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    func list(
        _ number: Int64, showing bitmap: StatusBitmap, signedBy signer: TokenSigner, at now: UnixTime
    ) throws(CryptoError) -> SignedStatusList {
        let issuedAt = UnixTime(seconds: now.seconds)
        let expires = issuedAt + policy.lifetime
        var writer = JSONWriter(capacity: 4_096)
        writer.beginObject()
        writer.member("iss", issuer.text)
        writer.member("sub", StatusPolicy.uri(of: number, at: issuer))
        writer.member("iat", issuedAt.seconds)
        writer.member("exp", expires.seconds)
        writer.member("ttl", policy.ttl.wholeSeconds)
        writer.name("status_list")
        writer.beginObject()
        writer.member("bits", 1)
        writer.member("lst", Base64URL.encode(Deflate.zlibOfRuns(bitmap.bytes)))
        writer.endObject()
        writer.endObject()
        let token = try signer.token(claiming: writer.finish())
        return SignedStatusList(
            number: number, bitmap: bitmap, kid: signer.kid, issuedAt: issuedAt, expires: expires, token: token,
            ttl: policy.ttl)
    }

    /// The `typ` of the header (Token Status List §5.1).
    static let tokenType = "statuslist+jwt"
}

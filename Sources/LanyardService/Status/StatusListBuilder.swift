// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCrypto
internal import LanyardStore

/// Makes signed status lists (Token Status List §4, §5.1).
struct StatusListBuilder: Sendable {
    private let issuer: IssuerURL
    private let policy: StatusPolicy

    init(_ issuer: IssuerURL, _ policy: StatusPolicy) {
        self.issuer = issuer
        self.policy = policy
    }

    /// Returns a list that shows `indices`, signed with the key of `signer`.
    ///
    /// - Parameters:
    ///   - number: The number of the list.
    ///   - indices: The indices of sessions that were ended, ascending.
    ///   - signer: Signs with ``tokenType``.
    ///   - now: When the indices were read, or before.
    /// - Returns: The list.
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    func list(
        _ number: Int64, showing indices: [Int64], signedBy signer: TokenSigner, at now: UnixTime
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
        writer.member("lst", Base64URL.encode(Deflate.zlibOfRuns(Self.bytes(showing: indices))))
        writer.endObject()
        writer.endObject()
        let token = try signer.token(claiming: writer.finish())
        let document = PublicDocument(
            token, mediaType: Self.mediaType, caching: "public, max-age=\(policy.ttl.wholeSeconds)")
        return SignedStatusList(
            indices: indices, kid: signer.kid, issuedAt: issuedAt, expires: expires, document: document)
    }

    /// Returns the array of bits: index 0 is the least significant bit of the first byte (Token Status List §4.1).
    private static func bytes(showing indices: [Int64]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0x00, count: StatusListUse.listSize / 8)
        // A token whose index is beyond the list is refused by all verifiers (§8.3): such a bit needs not be shown.
        for index in indices where 0..<Int64(StatusListUse.listSize) ~= index {
            bytes[Int(index >> 3)] |= 1 << UInt8(index & 7)
        }
        return bytes
    }

    /// The `typ` of the header (Token Status List §5.1).
    static let tokenType = "statuslist+jwt"

    static let mediaType = "application/statuslist+jwt"
}

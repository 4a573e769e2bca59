// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding

/// A status list that was checked: nothing but a ``Verifier`` can make one.
///
/// It says which of the tokens that an issuer has given out were revoked since (draft-ietf-oauth-status-list-20).
public struct StatusList: Sendable {
    /// How much is read.
    public struct Limits: Sendable {
        /// The size of the largest list token that is read; 4 MiB, or 4,194,304 bytes.
        public var tokenBytes = 4 << 20

        /// The size of the largest list, inflated; 16 MiB, which holds the status of 134,217,728 tokens in one bit each.
        public var listBytes = 16 << 20

        /// Creates the default limits.
        public init() {}
    }

    /// `sub`: the address of the list, which is the `uri` in the tokens that it speaks of.
    public let uri: String
    /// `iat`: when the list was made.
    public let issuedAt: NumericDate
    /// `exp`: from this instant on the list says nothing; `nil` if it does not say.
    public let expires: NumericDate?
    /// `ttl`: how long the list may be used without asking for a newer one, above 0 s; `nil` if it does not say.
    public let timeToLive: Duration?
    /// How many bits each status has: 1, 2, 4 or 8.
    public let bits: Int

    /// How many tokens the list has room for.
    public var count: Int64 { Int64(bytes.count) * Int64(8 / bits) }

    /// The statuses, those with the lowest index in the least significant bits of the first byte.
    private let bytes: [UInt8]

    /// Returns the status of the token with this index, at the cost of one look into memory.
    ///
    /// - Parameter index: The index that the token has in its ``StatusReference``.
    /// - Returns: The status at the time the list was made.
    /// - Throws: ``TokenError/statusOutOfRange(index:)``.
    ///
    /// Source: Token Status List §4.1.
    public func status(at index: Int64) throws(TokenError) -> TokenStatus {
        guard (0..<count).contains(index) else { throw .statusOutOfRange(index: index) }
        let (byte, position) = Int(index).quotientAndRemainder(dividingBy: 8 / bits)
        return TokenStatus(bytes[byte] >> UInt8(position * bits) & UInt8(1 << bits - 1))
    }

    /// Returns whether the list has not expired.
    func isUnexpired(at now: NumericDate) -> Bool { expires.map { now < $0 } ?? true }

    /// Checks a list token.
    init(
        _ token: UnverifiedToken, for uri: String, keys: KeySet, rules: VerificationRules, limits: Limits,
        at now: NumericDate
    ) throws(StatusListError) {
        let reader: ClaimReader
        let list: JSONObject
        do throws(TokenError) {
            try token.requireType([.statusList])
            let payload = try token.payload(signedBy: keys, algorithms: rules.algorithms)
            var json = JSONLimits()
            json.maximumStringBytes = limits.tokenBytes
            reader = try ClaimReader(parsing: payload, limits: json)
            guard try reader.requiredText("iss").hasSameBytes(as: rules.issuer) else { throw .wrongIssuer }
            self.uri = try reader.requiredText("sub")
            expires = try reader.date("exp")
            issuedAt = try reader.required("iat", reader.date)
        } catch {
            throw StatusListError(error)
        }
        guard self.uri.hasSameBytes(as: uri) else { throw .wrongAddress }
        try Self.check(reader, expires: expires, issuedAt: issuedAt, leeway: rules.startLeeway, now: now)
        timeToLive = try Self.timeToLive(reader.object["ttl"])

        guard let value = reader.object["status_list"] else { throw .missingClaim(name: "status_list") }
        guard let object = value.object else { throw .invalidClaim(name: "status_list") }
        list = object
        bits = try Self.bits(list["bits"])
        bytes = try Self.bytes(list["lst"], limits)
    }

    private static func check(
        _ reader: ClaimReader, expires: NumericDate?, issuedAt: NumericDate, leeway: Duration, now: NumericDate
    ) throws(StatusListError) {
        // Compared so that at a time that is no number every list is refused.
        if let expires {
            guard now < expires else { throw .expired(at: expires) }
        }
        let notBefore: NumericDate?
        do { notBefore = try reader.date("nbf") } catch { throw StatusListError(error) }
        if let notBefore {
            guard now + leeway >= notBefore else { throw .notYetValid(until: notBefore) }
        }
        guard now + leeway >= issuedAt else { throw .issuedInFuture(at: issuedAt) }
    }

    private static func timeToLive(_ value: JSONValue?) throws(StatusListError) -> Duration? {
        guard let value else { return nil }
        guard let seconds = value.integer, (1...253_402_300_799).contains(seconds) else {
            throw .invalidClaim(name: "ttl")
        }
        return .seconds(seconds)
    }

    private static func bits(_ value: JSONValue?) throws(StatusListError) -> Int {
        guard let value else { throw .missingClaim(name: "bits") }
        guard let bits = value.integer, [1, 2, 4, 8].contains(bits) else { throw .invalidClaim(name: "bits") }
        return Int(bits)
    }

    private static func bytes(_ value: JSONValue?, _ limits: Limits) throws(StatusListError) -> [UInt8] {
        guard let value else { throw .missingClaim(name: "lst") }
        guard let text = value.string else { throw .invalidClaim(name: "lst") }
        let compressed: [UInt8]
        do { compressed = try Base64URL.decode(text) } catch { throw .listNotBase64URL }
        let inflated: [UInt8]
        do { inflated = try Inflate.zlib(compressed, limitBytes: limits.listBytes) } catch {
            throw StatusListError(error)
        }
        // The list is kept for long; the room that it grew in may be twice as large.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(inflated.count)
        bytes += inflated
        return bytes
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
package import LanyardCrypto

/// The public keys of one issuer, read from its JWK Set (RFC 7517 §5).
///
/// A set belongs to the issuer that it was fetched from. Never check the tokens of one issuer with the set of another
/// (RFC 8725 §3.8).
public struct KeySet: Sendable {
    /// The size of the largest document that is read: 262,144 bytes.
    public static let maximumBytes = 262_144

    package let keys: [JSONWebKey]

    /// Reads a JWK Set.
    ///
    /// Keys that are not for signatures we know are left out; their `kid` still counts as taken.
    ///
    /// - Parameter json: The document in UTF-8, at most ``maximumBytes``.
    /// - Throws: ``KeySetError``.
    ///
    /// Source: RFC 7517 §5 (unknown members and types are ignored).
    public init(parsing json: [UInt8]) throws(KeySetError) {
        guard json.count <= Self.maximumBytes else { throw .tooLarge(limitBytes: Self.maximumBytes) }
        var limits = JSONLimits()
        limits.maximumStringBytes = 16_384  // Certificates in `x5c`, which are not read.
        guard let document = try? JSONObject(parsing: json, limits: limits), let values = document["keys"]?.array else {
            throw .malformed
        }
        var keys: [JSONWebKey] = []
        var ids: Set<KeyID> = []
        for value in values {
            guard let object = value.object else { throw .malformed }
            let id = object["kid"]?.string
            guard JSONWebKey.privateMembers.allSatisfy({ object[$0] == nil }) else { throw .privateKey(id: id) }
            if let id {
                guard ids.insert(KeyID(id)).inserted else { throw .duplicateKey(id: id) }
            }
            if let key = JSONWebKey(object) { keys.append(key) }
        }
        self.keys = keys
    }

    /// Creates the set of an issuer, in the order in which it is published; the keys have different ids.
    package init(_ keys: [JSONWebKey]) {
        self.keys = keys
    }

    /// The ids of the keys that can check signatures, in the order of the document; a key without `kid` has none.
    public var keyIDs: [String] { keys.compactMap(\.id) }

    /// The set as it is published: `{"keys":[…]}` with public members only.
    package var json: [UInt8] {
        var writer = JSONWriter(capacity: 512 * (keys.count + 1))
        writer.beginObject()
        writer.name("keys")
        writer.beginArray()
        for key in keys { key.write(to: &writer) }
        writer.endArray()
        writer.endObject()
        return writer.finish()
    }

    /// Returns whether there is a key with this id.
    package func contains(id: String) -> Bool {
        keys.contains { $0.id?.hasSameBytes(as: id) ?? false }
    }

    /// Returns the key for a token.
    ///
    /// - Parameters:
    ///   - id: The `kid` of the token, byte by byte; without one the only key of `algorithm`, if there is one.
    ///   - algorithm: The `alg` of the token, which must be the key's own.
    /// - Returns: A key of that algorithm.
    /// - Throws: ``TokenError/unknownKey(id:)``, ``TokenError/ambiguousKey``, ``TokenError/algorithmMismatch``.
    package func key(id: String?, algorithm: SigningAlgorithm) throws(TokenError) -> PublicKey {
        guard let id else {
            let candidates = keys.filter { $0.publicKey.algorithm == algorithm }
            guard let only = candidates.first else { throw .unknownKey(id: nil) }
            guard candidates.count == 1 else { throw .ambiguousKey }
            return only.publicKey
        }
        guard let key = keys.first(where: { $0.id?.hasSameBytes(as: id) ?? false }) else { throw .unknownKey(id: id) }
        guard key.publicKey.algorithm == algorithm else { throw .algorithmMismatch }
        return key.publicKey
    }
}

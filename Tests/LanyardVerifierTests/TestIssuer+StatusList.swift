// SPDX-License-Identifier: Apache-2.0

import LanyardCoding
import LanyardCrypto
import LanyardVerifier

extension TestIssuer {
    /// The address of the list that the issuer's tokens name.
    static let listURI = "https://issuer.example/status/1"

    /// The claims of a list with the room of `bytes`, made at the time of the vectors, for an hour.
    func listClaims(_ bytes: [UInt8], bits: Int64 = 1, ttl: Int64? = 60) -> JSONObject {
        var claims: JSONObject = [
            "iss": .string(name), "sub": .string(Self.listURI), "iat": 1_700_000_000, "exp": 1_700_003_600,
            "status_list": [
                "bits": .number(JSONNumber(bits)), "lst": .string(Base64URL.encode(Deflate.zlibOfRuns(bytes))),
            ],
        ]
        claims["ttl"] = ttl.map { .number(JSONNumber($0)) }
        return claims
    }

    /// A list token.
    func list(_ claims: JSONObject) throws -> [UInt8] {
        Array(try token(claims, header: ["typ": "statuslist+jwt"]).utf8)
    }

    /// A list of 8,192 entries of one bit, in which these indexes are revoked.
    func list(revoked indexes: [Int] = []) throws -> [UInt8] {
        try list(listClaims(Self.bytes(revoked: indexes)))
    }

    static func bytes(revoked indexes: [Int]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1_024)
        for index in indexes { bytes[index / 8] |= 1 << UInt8(index % 8) }
        return bytes
    }
}

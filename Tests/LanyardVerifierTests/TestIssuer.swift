// SPDX-License-Identifier: Apache-2.0

import LanyardCoding
import LanyardCrypto
import LanyardVerifier

/// An issuer with one key, made for a test.
struct TestIssuer: Sendable {
    let name = "https://issuer.example"
    let key: PrivateKey
    let jwk: JSONWebKey

    init(_ algorithm: SigningAlgorithm = .edDSA) throws {
        key = try PrivateKey.generate(algorithm, rsaBits: 2_048)
        jwk = try JSONWebKey(key.publicKey)
    }

    var keys: KeySet { KeySet([jwk]) }

    /// The claims of a token of 600 s, issued at the time of the vectors.
    var claims: JSONObject {
        [
            "iss": .string(name), "sub": "account", "aud": ["api", "other"], "exp": 1_700_000_600,
            "iat": 1_700_000_000, "nbf": 1_700_000_000, "jti": "token", "client_id": "lanyard", "sid": "session",
            "auth_time": 1_699_999_000, "amr": ["pwd"], "preferred_username": "alice", "roles": ["reader", "writer"],
            "scope": "read write",
            "status": ["status_list": ["idx": 4_711, "uri": "https://issuer.example/status/1"]],
            "tenant": ["id": 7, "names": ["a", "b"], "ratio": 0, "on": true, "none": nil],
        ]
    }

    func token(_ claims: JSONObject, header extra: JSONObject = [:]) throws -> String {
        var header: JSONObject = ["alg": .string(key.algorithm.rawValue), "typ": "at+jwt"]
        header["kid"] = jwk.id.map(JSONValue.string)
        for member in extra.members { header[member.name] = member.value }
        var token: [UInt8] = []
        let headerBytes = JSONValue.object(header).bytes
        let claimBytes = JSONValue.object(claims).bytes
        Base64URL.append(headerBytes.span, to: &token)
        token.append(UInt8(ascii: "."))
        Base64URL.append(claimBytes.span, to: &token)
        let signature = try key.sign(token)
        token.append(UInt8(ascii: "."))
        Base64URL.append(signature.span, to: &token)
        return String(decoding: token, as: UTF8.self)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardCrypto
internal import LanyardVerifier

/// The documents from which other services learn how to verify tokens.
struct PublicDocuments: Sendable {
    /// RFC 7517 §5.
    let keySet: PublicDocument
    /// RFC 8414 §2.
    let authorizationServer: PublicDocument
    /// The same for clients that look where OpenID Connect Discovery 1.0 §4 says; Lanyard is no OpenID provider.
    let openIDProvider: PublicDocument

    init(_ configuration: ServiceConfiguration, keys: KeySet) {
        keySet = PublicDocument(keys.json, mediaType: "application/jwk-set+json")
        var metadata: JSONObject = [
            "issuer": .string(configuration.issuer.text),
            "jwks_uri": .string(configuration.issuer.text + "/.well-known/jwks.json"),
            // There is no authorization endpoint; RFC 8414 §3.2 forbids an empty array.
            "response_types_supported": ["none"],
        ]
        authorizationServer = PublicDocument(JSONValue.object(metadata).bytes, mediaType: "application/json")
        // What the published keys sign with, which the settings change only by and by.
        let algorithms = Set(keys.keys.map(\.publicKey.algorithm.rawValue)).sorted().map(JSONValue.string)
        metadata["subject_types_supported"] = ["public"]
        metadata["id_token_signing_alg_values_supported"] = .array(algorithms)
        openIDProvider = PublicDocument(JSONValue.object(metadata).bytes, mediaType: "application/json")
    }
}

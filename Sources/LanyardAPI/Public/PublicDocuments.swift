// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardCore
internal import LanyardCrypto
internal import LanyardVerifier
internal import LanyardWeb

/// The documents from which other services learn how to verify tokens.
struct PublicDocuments: Sendable {
    /// RFC 7517 §5.
    let keySet: PublicDocument
    /// RFC 8414 §2.
    ///
    /// Every member is true and names something that works; what is not here is not there.
    let authorizationServer: PublicDocument
    /// The same for clients that look where OpenID Connect Discovery 1.0 §4 says; Lanyard is no OpenID provider.
    let openIDProvider: PublicDocument

    /// Makes the documents anew, as for each change of the key set.
    init(_ issuer: String, keys: KeySet) {
        keySet = PublicDocument(keys.json, mediaType: "application/jwk-set+json")
        var metadata: JSONObject = [
            // As it stands in `iss`, code point for code point (RFC 8414 §3.3); URLs never come from a Host field.
            "issuer": .string(issuer),
            "jwks_uri": .string(issuer + "/.well-known/jwks.json"),
            // Required by RFC 8414 §2 where any grant type but `implicit` is.
            "token_endpoint": .string(issuer + "/token"),
            // There is no authorization endpoint; the member is required, and RFC 8414 §3.2 forbids an empty array.
            "response_types_supported": ["none"],
            // Left out it would mean `authorization_code` and `implicit`.
            "grant_types_supported": ["refresh_token", "client_credentials"],
            // Left out it would mean `client_secret_basic`; the client of all logins is public.
            "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
            "introspection_endpoint": .string(issuer + "/introspect"),
            "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "revocation_endpoint": .string(issuer + "/revoke"),
            "revocation_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
            // No `scopes_supported`: there are no scopes, and roles are no scopes.
        ]
        authorizationServer = PublicDocument(JSONValue.object(metadata).bytes, mediaType: "application/json")
        // What the published keys sign with, which the settings change only by and by.
        let algorithms = Set(keys.keys.map(\.publicKey.algorithm.rawValue)).sorted().map(JSONValue.string)
        // Both are required by OpenID Connect Discovery 1.0 §3. So is an `authorization_endpoint`, and there is none.
        metadata["subject_types_supported"] = ["public"]
        metadata["id_token_signing_alg_values_supported"] = .array(algorithms)
        openIDProvider = PublicDocument(JSONValue.object(metadata).bytes, mediaType: "application/json")
    }
}

extension Operation {
    /// Gets the key set.
    static let keySet = Operation(
        "Get the public keys that verify tokens (RFC 7517)", gives: .json(ObjectShape(.init("keys", .anyObjects))))
    /// Gets the metadata of the authorization server.
    static let metadata = Operation(
        "Get the metadata of the authorization server (RFC 8414)", gives: .json(ObjectShape(members: metadataMembers)))
    /// Gets the same where OpenID Connect Discovery says.
    static let openIDMetadata = Operation(
        "Get the metadata where OpenID Connect Discovery looks for it",
        gives: .json(
            ObjectShape(
                members: metadataMembers + [
                    .init("subject_types_supported", .strings),
                    .init("id_token_signing_alg_values_supported", .strings),
                ])))

    private static let metadataMembers: [ObjectShape.Member] = [
        .init("issuer", .string), .init("jwks_uri", .string), .init("token_endpoint", .string),
        .init("response_types_supported", .strings), .init("grant_types_supported", .strings),
        .init("token_endpoint_auth_methods_supported", .strings), .init("introspection_endpoint", .string),
        .init("introspection_endpoint_auth_methods_supported", .strings), .init("revocation_endpoint", .string),
        .init("revocation_endpoint_auth_methods_supported", .strings),
    ]
}

// SPDX-License-Identifier: Apache-2.0

internal import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardStore
import TestSupport
import Testing

extension ServiceFixture {
    /// Adds a service client and returns its secret.
    func addClient(_ name: String = "feeds", roles: [String] = ["reader", "writer"]) async throws -> String {
        let new = try NewClient(name: name, roles: roles)
        let clients = Clients(store: store, now: { [clock] in clock.now })
        return try await clients.add(new).reveal()
    }

    /// Removes a service client.
    func removeClient(_ name: String = "feeds") async throws {
        #expect(try await store.removeClient(id: ClientID(name), at: clock.now))
    }

    /// Posts a form.
    func post(form: String, to path: String, fields: [String] = []) throws -> RawResponse {
        try send("POST", path, fields: fields, body: form, type: "application/x-www-form-urlencoded")
    }

    /// Asks for a token of a client.
    func clientToken(_ secret: String, _ further: String = "", as name: String = "feeds") throws -> RawResponse {
        try post(form: "grant_type=client_credentials\(further)", to: "/token", fields: [basic(name, secret)])
    }

    /// Asks about a token in the name of the client `feeds`.
    func introspect(_ token: String, _ secret: String) throws -> RawResponse {
        try post(form: "token=\(token)", to: "/introspect", fields: [basic("feeds", secret)])
    }
}

/// Returns the field line that authenticates a client.
func basic(_ name: String, _ secret: String) -> String {
    "Authorization: Basic \(base64("\(name):\(secret)"))"
}

/// Returns the text in base64 with padding.
func base64(_ text: String) -> String {
    let encoded = Base64URL.encode(Array(text.utf8)).replacing("-", with: "+").replacing("_", with: "/")
    return encoded + String(repeating: "=", count: (4 - encoded.utf8.count % 4) % 4)
}

/// Expects an error in the form of OAuth.
func expectOAuthError(
    _ answer: RawResponse, _ status: Int, _ error: String, _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(answer.status == status, comment, sourceLocation: sourceLocation)
    #expect(answer["content-type"] == "application/json", comment, sourceLocation: sourceLocation)
    #expect(answer["cache-control"] == "no-store", comment, sourceLocation: sourceLocation)
    #expect(answer.text("error") == error, comment, sourceLocation: sourceLocation)
    // RFC 6749 §5.2: neither quotes nor backslashes, and nothing that is not ASCII.
    let description = answer.text("error_description")
    #expect(
        description.wholeMatch(of: /[\x20-\x21\x23-\x5B\x5D-\x7E]+/) != nil, comment, sourceLocation: sourceLocation)
    // RFC 9110 §15.5.2: each 401 has a challenge, and nothing else has.
    #expect(
        answer["www-authenticate"] == (status == 401 ? #"Basic realm="https://auth.example.com""# : nil), comment,
        sourceLocation: sourceLocation)
}

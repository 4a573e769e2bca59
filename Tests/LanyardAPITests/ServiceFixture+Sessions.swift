// SPDX-License-Identifier: Apache-2.0

import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardCrypto
import LanyardStore
import TestSupport

extension ServiceFixture {
    /// Gets a resource with the access token of a login.
    func get(_ path: String, with login: RawResponse) throws -> RawResponse {
        try send("GET", path, fields: [login.bearer])
    }

    /// Posts JSON, with the access token of a login if one is given.
    func post(_ path: String, _ body: String, with login: RawResponse? = nil) throws -> RawResponse {
        try send("POST", path, fields: login.map { [$0.bearer] } ?? [], body: body)
    }

    /// Changes a password.
    func changePassword(
        from current: String = password, to new: String, with login: RawResponse
    ) throws -> RawResponse {
        try post("/password", #"{"current_password":"\#(current)","new_password":"\#(new)"}"#, with: login)
    }

    /// Logs in as alice with a password.
    func logIn(password: String) throws -> RawResponse {
        try send("POST", "/login", body: #"{"username":"alice","password":"\#(password)"}"#)
    }

    /// Adds the account `bob`, who has alice's password, and logs in.
    func logInBob() async throws -> RawResponse {
        let new = try NewAccount(name: "bob", email: nil, roles: [], claims: [:])
        let accepted = try new.accept(Self.password, under: Self.configuration().policies.passwords)
        _ = try await accounts.add(new, password: accepted)
        return try send("POST", "/login", body: #"{"username":"bob","password":"\#(Self.password)"}"#)
    }

    /// Makes a token that the service's own key has signed, whatever it says.
    func signed(_ claims: JSONObject, type: String = "at+jwt") throws -> String {
        let key = keyring.active
        let header: JSONValue = [
            "alg": .string(key.key.algorithm.rawValue), "kid": .string(key.kid.text), "typ": .string(type),
        ]
        let message = Base64URL.encode(header.bytes) + "." + Base64URL.encode(JSONValue.object(claims).bytes)
        return try message + "." + Base64URL.encode(Signer(key.key).sign(Array(message.utf8)))
    }
}

extension RawResponse {
    /// The field line that presents the access token of this login.
    var bearer: String { "Authorization: Bearer \(text("access_token"))" }

    /// The claims of the access token of this login.
    var claims: JSONObject {
        get throws {
            let parts = text("access_token").split(separator: ".")
            return try JSONObject(parsing: Base64URL.decode(String(parts[1])))
        }
    }

    /// The session that this login has opened.
    var sessionID: String {
        get throws { try claims["sid"]?.string ?? "" }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CoreTestSupport
import LanyardCoding
import LanyardVerifier
import TestSupport

extension ServiceFixture {
    /// Sends one request on a connection of its own and reads the answer.
    func send(
        _ method: String, _ path: String, fields: [String] = [], body: String? = nil,
        type: String? = "application/json", to interface: RunningServer? = nil
    ) throws -> RawResponse {
        let client = try (interface ?? server).connect()
        var lines = ["\(method) \(path) HTTP/1.1", "Host: auth.example.com", "Connection: close"] + fields
        if let body {
            lines.append("Content-Length: \(body.utf8.count)")
            if let type { lines.append("Content-Type: \(type)") }
        }
        try client.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
        let response = try client.readResponse(hasBody: method != "HEAD")
        declared.check(response, to: method, path)
        return response
    }

    /// Logs in as alice, with further members of the request.
    func logIn(_ further: String = "", fields: [String] = []) throws -> RawResponse {
        try send(
            "POST", "/login", fields: fields, body: #"{"username":"alice","password":"\#(Self.password)"\#(further)}"#)
    }

    /// Tries to log in with a name and a password that is no account's.
    func logIn(as name: String) throws -> RawResponse {
        let body: JSONObject = ["username": .string(name), "password": "a password of nobody"]
        return try send("POST", "/login", body: JSONValue.object(body).text)
    }

    /// Presents a refresh token.
    func refresh(_ token: String, fields: [String] = []) throws -> RawResponse {
        try send("POST", "/refresh", fields: fields, body: #"{"refresh_token":"\#(token)"}"#)
    }

    /// Verifies an access token as another service would: from the published key set alone.
    func verify(_ token: String, audience: String = "lanyard") throws -> VerifiedToken {
        let keys = try KeySet(parsing: send("GET", "/.well-known/jwks.json").body)
        return try Verifier(issuer: Self.issuer, audience: audience)
            .verify(token, keys: keys, at: NumericDate(clock.now))
    }
}

extension RawResponse {
    /// The members of the answer's JSON object.
    var json: JSONObject {
        get throws { try JSONObject(parsing: body) }
    }

    /// A member of the answer that is a text; empty if there is none.
    func text(_ name: String) -> String {
        (try? json[name]?.string) ?? ""
    }
}

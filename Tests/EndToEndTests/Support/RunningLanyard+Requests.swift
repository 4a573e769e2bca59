// SPDX-License-Identifier: Apache-2.0

import Foundation

extension RunningLanyard {
    /// Which listener is asked.
    enum Listener {
        case main
        case management
    }

    /// Sends one request on a connection of its own, and returns the answer.
    func send(
        _ method: String, _ target: String, fields: [String] = [], body: [UInt8]? = nil, to listener: Listener = .main
    ) throws -> Reply {
        let port = listener == .main ? port : managementPort
        let connection = try RawConnection(port: port)
        let length = body.map { ["Content-Length: \($0.count)"] } ?? []
        let lines = ["\(method) \(target) HTTP/1.1", "Host: localhost:\(port)", "Connection: close"] + length + fields
        try connection.send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? []))
        let reply = try connection.reply(toHead: method == "HEAD")
        let rest = try connection.bytesUntilClosed()
        guard rest.isEmpty else { throw Failure("\(rest.count) bytes after the answer to \(method) \(target)") }
        return reply
    }

    /// Gets a resource.
    func get(_ target: String, fields: [String] = [], from listener: Listener = .main) throws -> Reply {
        try send("GET", target, fields: fields, to: listener)
    }

    /// Posts a text, as JSON unless `type` says otherwise.
    func post(
        _ target: String, _ body: String, type: String = "application/json", fields: [String] = []
    ) throws -> Reply {
        try send("POST", target, fields: ["Content-Type: \(type)"] + fields, body: Array(body.utf8))
    }

    /// Posts a JSON object made of `members`.
    func post(_ target: String, _ members: [String: Any], fields: [String] = []) throws -> Reply {
        let body = try JSONSerialization.data(withJSONObject: members, options: [.sortedKeys])
        return try post(target, String(decoding: body, as: UTF8.self), fields: fields)
    }

    /// Logs in with a name and a password.
    func logIn(_ name: String, _ password: String, _ more: [String: Any] = [:]) throws -> Reply {
        try post("/login", more.merging(["username": name, "password": password]) { member, _ in member })
    }

    /// Logs in as the account that `--dev` makes, and returns what a successful login gives.
    func logInAlice(_ more: [String: Any] = [:]) throws -> TokenResponse {
        try TokenResponse(try logIn("alice", Self.alicesPassword, more))
    }

    /// Refreshes with a token in the body.
    func refresh(_ token: String, fields: [String] = []) throws -> Reply {
        try post("/refresh", ["refresh_token": token], fields: fields)
    }

    static let alicesPassword = "correct horse battery staple"
}

/// What a successful login or refresh gives.
struct TokenResponse {
    let reply: Reply
    let object: JSONObject
    let accessToken: String
    let refreshToken: String

    init(_ reply: Reply) throws {
        guard reply.status == 200 else { throw Failure("\(reply.status), not 200: \(reply.text)") }
        self.reply = reply
        object = try JSONObject(reply.body)
        accessToken = try object.string("access_token")
        refreshToken = try object.string("refresh_token")
    }

    /// The claims of the access token, not verified.
    var claims: JSONObject {
        get throws { try AccessToken(accessToken).claims }
    }
}

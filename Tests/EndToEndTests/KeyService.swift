// SPDX-License-Identifier: Apache-2.0

import Foundation
import LanyardVerifier
import Testing

/// Servers and commands that share a folder and settings: keys that are quick to make, an account `bob`, and a grace in
/// which a session keeps its refresh token.
struct KeyService {
    static let issuer = "http://lanyard.test"
    static let password = "a password of the tests"

    let folder: TemporaryFolder
    var settings = [
        "LANYARD_ISSUER": issuer, "LANYARD_KEYS_ALGORITHM": "EdDSA", "LANYARD_PASSWORDS_MEMORY": "8MiB",
        "LANYARD_PASSWORDS_ITERATIONS": "1", "LANYARD_SESSIONS_REFRESH_GRACE": "60s",
    ]

    /// Makes a store with one key and one account.
    init(_ changes: [String: String] = [:]) throws {
        folder = try TemporaryFolder()
        settings.merge(changes) { _, change in change }
        let output = try run(["account", "add", "bob", "--password-stdin"], input: Self.password + "\n")
        guard output.ending == .exit(0) else { throw Failure(output.standardError) }
    }

    /// Starts a server.
    func start() throws -> RunningLanyard { try RunningLanyard(settings: settings, in: folder) }

    /// Runs a command to its end.
    func run(_ arguments: [String], input: String = "") throws -> Lanyard.Output {
        try Lanyard.run(arguments, settings: settings, input: input, in: folder)
    }

    /// Runs `lanyard key` to its end.
    func key(_ arguments: String...) throws -> Lanyard.Output { try run(["key"] + arguments) }

    /// Runs `lanyard key`, which is to do what it is asked, and returns what it says.
    @discardableResult
    func order(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        let output = try run(["key"] + arguments)
        #expect(output.ending == .exit(0), "\(output.standardError)", sourceLocation: sourceLocation)
        #expect(!output.standardOutput.isEmpty, sourceLocation: sourceLocation)
        return output.standardOutput
    }

    /// What `lanyard key list --json` shows.
    func keys() throws -> [Key] {
        let output = try key("list", "--json")
        guard output.ending == .exit(0) else { throw Failure(output.standardError) }
        return try JSONObject.array(output.standardOutput).map(Key.init)
    }

    /// The kid of the one key in a state.
    func kid(_ state: String) throws -> String {
        let keys = try keys().filter { $0.state == state }
        guard keys.count == 1 else { throw Failure("\(keys.count) keys are \(state)") }
        return keys[0].kid
    }

    /// Verifies an access token with a key set alone, and returns the kid of the key that has signed it.
    static func verify(_ token: String, by keys: [UInt8]) throws -> String {
        let verifier = Verifier(issuer: issuer, audience: "lanyard")
        let token = try verifier.verify(token, keys: KeySet(parsing: keys), at: .now)
        return try #require(token.keyID)
    }

    /// One entry of `key list --json`.
    struct Key: Equatable {
        let kid: String
        let algorithm: String
        let state: String
        let signsFrom: String
        let retired: String?
        let gone: String?

        init(_ object: JSONObject) throws {
            kid = try object.string("kid")
            algorithm = try object.string("alg")
            state = try object.string("state")
            signsFrom = try object.string("signs_from")
            retired = object.isNull("retired") ? nil : try object.string("retired")
            gone = object.isNull("gone") ? nil : try object.string("gone")
        }
    }
}

extension RunningLanyard {
    /// The key set, as it is served.
    func keySet() throws -> [UInt8] {
        let reply = try get("/.well-known/jwks.json")
        guard reply.status == 200 else { throw Failure("\(reply.status): \(reply.text)") }
        return reply.body
    }

    /// The kids of the key set, in its order.
    func publishedKids() throws -> [String] {
        try JSONObject(keySet()).objects("keys").map { try $0.string("kid") }
    }

    /// Logs in as the account of ``KeyService``.
    func logInBob() throws -> TokenResponse { try TokenResponse(try logIn("bob", KeyService.password)) }

    /// Whether the server signs with a key before long: within the 5 s of an emergency, and what it needs to follow.
    func signs(with kid: String, for login: TokenResponse) throws -> Bool {
        try happens(within: .seconds(15)) { try TokenResponse(refresh(login.refreshToken)).kid == kid }
    }

    /// Presents an access token with a refresh.
    func refresh(_ login: TokenResponse, presenting token: String) throws -> Reply {
        try refresh(login.refreshToken, fields: ["Authorization: Bearer \(token)"])
    }
}

extension TokenResponse {
    /// The kid of the key that has signed the access token.
    var kid: String {
        get throws { try AccessToken(accessToken).header.string("kid") }
    }
}

/// Asks again and again until the answer is yes; `false` if it is not in time.
func happens(within duration: Duration, _ condition: () throws -> Bool) rethrows -> Bool {
    var isTrue = false
    try Deadline.after(duration).poll {
        isTrue = try condition()
        return isTrue
    }
    return isTrue
}

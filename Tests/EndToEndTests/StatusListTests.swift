// SPDX-License-Identifier: Apache-2.0

import Foundation
import LanyardCoding
import Testing

/// What is revoked, every verifier learns from any server.
@Suite struct `The Token Status List` {
    private static let new = "another password of the tests"

    /// What ends a session of bob.
    enum End: CaseIterable, Sendable {
        case logout, logoutOfAll, delete, theft, password, passwordByCommand, disabling, removal, revocation
        case revocationOfAll, tooManySessions
    }

    @Test(arguments: End.allCases)
    func `shows on every server within its ttl what was ended, and keeps it`(end: End) throws {
        var settings = ["LANYARD_SESSIONS_REFRESH_GRACE": "0s"]
        if end == .tooManySessions { settings["LANYARD_SESSIONS_MAX_PER_ACCOUNT"] = "2" }
        let service = try KeyService(settings)
        let (one, other) = (try service.start(), try service.start())
        var login = try one.logInBob()
        let owner = try other.logInBob()
        let status = try TokenStatus(login)
        #expect(status.uri == KeyService.issuer + "/status/1")
        for server in [one, other] { #expect(try server.shows(status) == false) }

        switch end {
        case .logout: #expect(try one.post("/logout", ["refresh_token": login.refreshToken]).status == 204)
        case .logoutOfAll: #expect(try one.post("/logout", ["all": true], fields: [owner.bearer]).status == 204)
        case .delete:
            let path = "/sessions/\(try login.claims.string("sid"))"
            #expect(try one.send("DELETE", path, fields: [owner.bearer]).status == 204)
        case .theft:
            let stolen = login.refreshToken
            for _ in 0..<2 { login = try TokenResponse(one.refresh(login.refreshToken)) }
            #expect(try TokenStatus(login) == status, "as long as the session lives")
            #expect(try other.refresh(stolen).status == 401)
        case .password:
            let change = ["current_password": KeyService.password, "new_password": Self.new]
            #expect(try one.post("/password", change, fields: [owner.bearer]).status == 204)
        case .passwordByCommand:
            try order(service, ["account", "password", "bob", "--password-stdin"], input: Self.new + "\n")
        case .disabling: try order(service, ["account", "disable", "bob"])
        case .removal: try order(service, ["account", "remove", "bob"])
        case .revocation: try order(service, ["session", "revoke", try login.claims.string("sid")])
        case .revocationOfAll: try order(service, ["session", "revoke", "--all"])
        case .tooManySessions: _ = try one.logInBob()
        }
        for server in [other, one] {
            #expect(try happens(within: .seconds(60)) { try server.shows(status) })
        }
        let ownerLives: [End] = [.logout, .delete, .theft, .password, .revocation, .tooManySessions]
        for server in [other, one] {
            #expect(try server.shows(TokenStatus(owner)) == !ownerLives.contains(end))
        }
        try one.stop()
        #expect(try service.start().shows(status), "after a restart too")
    }

    private func order(_ service: KeyService, _ arguments: [String], input: String = "") throws {
        let output = try service.run(arguments, input: input)
        #expect(output.ending == .exit(0), "\(output.standardError)")
    }

    @Test func `is served as the standard asks`() throws {
        let service = try KeyService(["LANYARD_STATUS_TTL": "7m"])
        let server = try service.start()
        let whole = try server.get("/status/1")
        expectUsualFields(whole)
        #expect(whole.status == 200)
        #expect(whole["content-type"] == "application/statuslist+jwt")
        #expect(whole["cache-control"] == "public, max-age=420")
        #expect(whole["access-control-allow-origin"] == "*")
        let list = try StatusList(whole.body)
        #expect(list.header.names == ["alg", "kid", "typ"])
        #expect(try list.header.string("typ") == "statuslist+jwt")
        #expect(try list.claims.string("iss") == KeyService.issuer)
        #expect(try list.claims.string("sub") == KeyService.issuer + "/status/1")
        #expect(try list.claims.integer("ttl") == 420)
        #expect(try list.claims.integer("exp") - list.claims.integer("iat") == 4_200)
        #expect(try list.claims.object("status_list").integer("bits") == 1)
        #expect(list.bytes == [UInt8](repeating: 0, count: 131_072))

        let tag = try #require(whole["etag"])
        #expect(try server.get("/status/1", fields: ["If-None-Match: \(tag)"]).status == 304)
        let compressed = try server.get("/status/1", fields: ["Accept-Encoding: gzip"])
        #expect(compressed["content-encoding"] == "gzip")
        #expect(compressed.body.count < whole.body.count)
        let head = try server.send("HEAD", "/status/1")
        #expect(head["etag"] == tag)
        #expect(head["content-length"] == "\(whole.body.count)")
        for path in ["/status/2", "/status/0", "/status/01", "/status/+1", "/status/x", "/status/99999999999999999999"]
        {
            try expectProblem(server.get(path), 404, "not_found")
        }
        try expectProblem(server.get("/status/1?time=1700000000"), 501, "not_implemented")
        let binary = ["Accept: application/statuslist+cwt"]
        try expectProblem(server.get("/status/1", fields: binary), 406, "not_acceptable")
        let post = try server.post("/status/1", "{}")
        try expectProblem(post, 405, "method_not_allowed")
        #expect(post.list(of: "allow") == ["GET", "HEAD", "OPTIONS"])
    }

    @Test func `is served below the issuer's path too`() throws {
        let service = try KeyService(["LANYARD_ISSUER": KeyService.issuer + "/auth"])
        let server = try service.start()
        #expect(try TokenStatus(server.logInBob()).uri == KeyService.issuer + "/auth/status/1")
        let reply = try server.get("/auth/status/1")
        #expect(reply.status == 200)
        #expect(try server.get("/status/1").body == reply.body)
    }

    @Test func `goes on being served while the store is away`() throws {
        let service = try KeyService()
        let server = try service.start()
        let status = try TokenStatus(server.logInBob())
        let (here, away) = (service.folder.path(of: "data"), service.folder.path(of: "away"))
        try FileManager.default.moveItem(atPath: here, toPath: away)
        #expect(try happens(within: .seconds(30)) { try server.get("/readyz").status == 503 })
        #expect(try server.shows(status) == false)
        try FileManager.default.moveItem(atPath: away, toPath: here)
        #expect(try service.run(["session", "revoke", "--all"]).ending == .exit(0))
        #expect(try happens(within: .seconds(60)) { try server.shows(status) })
    }

    @Test func `is signed by the key that signs, after a revocation by another`() throws {
        let service = try KeyService()
        let server = try service.start()
        let kid = try StatusList(server.get("/status/1").body).header.string("kid")
        #expect(try service.kid("active") == kid)
        try service.order("revoke", kid)
        #expect(
            try happens(within: .seconds(60)) {
                let reply = try server.get("/status/1")
                return try reply.status == 200 && StatusList(reply.body).header.string("kid") != kid
            })
        #expect(try server.publishedKids().contains(StatusList(server.get("/status/1").body).header.string("kid")))
    }

    @Test func `is not there when it is switched off`() throws {
        let service = try KeyService()
        let before = try service.start()
        let opened = try before.logInBob()
        let status = try TokenStatus(opened)
        try before.stop()
        var off = service
        off.settings["LANYARD_STATUS_ENABLED"] = "false"
        let without = try off.start()
        try expectProblem(without.get("/status/1"), 404, "not_found")
        let login = try without.logInBob()
        let refreshed = try TokenResponse(without.refresh(opened.refreshToken))
        #expect(try !refreshed.claims.names.contains("status"), "nor of a session that has an index")
        #expect(try !login.claims.names.contains("status"))
        #expect(try without.post("/logout", ["all": true], fields: [login.bearer]).status == 204)
        try without.stop()
        // What was ended meanwhile is shown when it is there again.
        #expect(try service.start().shows(status))
    }

    @Test(.enabled(if: Peers.python != nil, Peers.howToGet))
    func `is verified and read by a Python library`() throws {
        let server = try RunningLanyard(["--dev"])
        let output = try Lanyard.run(
            ChildProcess.Invocation(
                executable: try #require(Peers.python),
                arguments: [Peers.folder + "/statuslist_peer.py", "http://localhost:\(server.port)"],
                environment: Lanyard.environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 },
                folder: server.folder.path))
        #expect(output.ending == .exit(0), "\(output.standardOutput)\(output.standardError)")
        #expect(output.standardOutput.contains("finds the token of alice revoked"))
    }
}

/// Where an access token says that its status stands.
struct TokenStatus: Equatable {
    let index: Int
    let uri: String

    init(_ login: TokenResponse) throws {
        let claim = try login.claims.object("status").object("status_list")
        #expect(claim.names == ["idx", "uri"])
        (index, uri) = (try claim.integer("idx"), try claim.string("uri"))
    }
}

/// A status list, decoded by Foundation and not verified.
struct StatusList {
    let header: JSONObject
    let claims: JSONObject
    let bytes: [UInt8]

    init(_ body: [UInt8]) throws {
        let token = try AccessToken(String(decoding: body, as: UTF8.self))
        (header, claims) = (token.header, token.claims)
        let deflated = try AccessToken.decode(claims.object("status_list").string("lst"))
        bytes = try Inflate.zlib(deflated, limitBytes: 1 << 20)
    }

    /// Token Status List §4.1.
    subscript(index: Int) -> Bool { bytes[index / 8] >> (index % 8) & 1 == 1 }
}

extension RunningLanyard {
    /// Whether the list that a token names shows it as revoked here.
    func shows(_ status: TokenStatus) throws -> Bool {
        let path = try #require(URL(string: status.uri)).path
        let reply = try get(path)
        guard reply.status == 200 else { throw Failure("\(reply.status): \(reply.text)") }
        let list = try StatusList(reply.body)
        #expect(try list.claims.string("sub") == status.uri)
        return list[status.index]
    }
}

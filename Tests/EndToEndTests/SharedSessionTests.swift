// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization
import Testing

/// What one server ends is over on every other at once, whatever is under way.
@Suite struct `A session on two servers` {
    private static let new = "another password of the tests"

    /// What ends a session of bob.
    enum End: CaseIterable, Sendable {
        case logout, logoutOfAll, delete, password, passwordByCommand, removal
    }

    @Test(arguments: End.allCases)
    func `is over on both at once`(end: End) throws {
        let service = try KeyService()
        let (one, other) = (try service.start(), try service.start())
        let login = try one.logInBob()
        let owner = try one.logInBob()
        for server in [one, other] { #expect(try server.get("/me", fields: [login.bearer]).status == 200) }

        switch end {
        case .logout: #expect(try one.post("/logout", ["refresh_token": login.refreshToken]).status == 204)
        case .logoutOfAll: #expect(try one.post("/logout", ["all": true], fields: [owner.bearer]).status == 204)
        case .delete:
            let path = "/sessions/\(try login.claims.string("sid"))"
            #expect(try one.send("DELETE", path, fields: [owner.bearer]).status == 204)
        case .password:
            let change = ["current_password": KeyService.password, "new_password": Self.new]
            #expect(try one.post("/password", change, fields: [owner.bearer]).status == 204)
        case .passwordByCommand:
            let output = try service.run(["account", "password", "bob", "--password-stdin"], input: Self.new + "\n")
            #expect(output.ending == .exit(0))
        case .removal: #expect(try service.run(["account", "remove", "bob"]).ending == .exit(0))
        }
        for server in [other, one] {
            try expectProblem(try server.get("/me", fields: [login.bearer]), 401, "invalid_token")
            try expectProblem(try server.get("/sessions", fields: [login.bearer]), 401, "invalid_token")
            try expectProblem(try server.refresh(login.refreshToken), 401, "invalid_grant")
            try expectProblem(try server.post("/logout", "{}", fields: [login.bearer]), 401, "invalid_token")
        }
        let ownerLives = end == .logout || end == .delete || end == .password
        #expect(try other.get("/me", fields: [owner.bearer]).status == (ownerLives ? 200 : 401))
    }

    @Test func `is not brought back by refreshes that a logout meets`() throws {
        let service = try KeyService(["LANYARD_SESSIONS_REFRESH_GRACE": "1s"])
        let servers = [try service.start(), try service.start()]
        for round in 0..<5 {
            let first = Pair(try servers[0].logInBob())
            let crowd = Crowd { index in
                let reply = try servers[index % 2].refresh(first.refresh)
                guard reply.status == 200 else {
                    try expectProblem(reply, 401, "invalid_grant")
                    return nil
                }
                return Pair(try TokenResponse(reply))
            }
            #expect(crowd.grants(8))
            #expect(try servers[round % 2].post("/logout", ["refresh_token": first.refresh]).status == 204)
            let granted = crowd.goesHome()
            for (pair, server) in zip(granted.suffix(8) + [first], servers + servers) {
                #expect(try server.get("/me", fields: [pair.bearer]).status == 401)
                #expect(try server.refresh(pair.refresh).status == 401)
            }
        }
    }

    @Test func `of a login with the old password does not survive the change that it meets`() throws {
        let service = try KeyService(["LANYARD_SESSIONS_MAX_PER_ACCOUNT": "10000"])
        let servers = [try service.start(), try service.start()]
        let owner = Pair(try servers[0].logInBob())
        var password = KeyService.password
        for round in 0..<3 {
            let (old, next) = (password, "password number \(round) of the tests")
            let crowd = Crowd { index in
                let reply = try servers[index % 2].logIn("bob", old)
                guard reply.status == 200 else {
                    try expectProblem(reply, 401, "invalid_credentials")
                    return nil
                }
                return Pair(try TokenResponse(reply))
            }
            #expect(crowd.grants(8))
            let change = ["current_password": old, "new_password": next]
            #expect(try servers[round % 2].post("/password", change, fields: [owner.bearer]).status == 204)
            let granted = crowd.goesHome()
            for (pair, server) in zip(granted.suffix(16), Array(repeating: servers, count: 8).joined()) {
                #expect(try server.get("/me", fields: [pair.bearer]).status == 401)
                #expect(try server.refresh(pair.refresh).status == 401)
            }
            let list = try servers[1].get("/sessions", fields: [owner.bearer])
            #expect(try JSONObject(list.body).objects("sessions").count == 1, "the owner's goes on alone")
            password = next
        }
        #expect(try servers[1].logIn("bob", password).status == 200)
    }

    @Test func `is neither told of nor taken for over while the store is away`() throws {
        let service = try KeyService()
        let server = try service.start()
        let login = try server.logInBob()
        let (here, away) = (service.folder.path(of: "data"), service.folder.path(of: "away"))
        try FileManager.default.moveItem(atPath: here, toPath: away)
        #expect(try happens(within: .seconds(5)) { try server.get("/readyz").status == 503 })
        let change = ["current_password": KeyService.password, "new_password": Self.new]
        let replies = [
            try server.get("/me", fields: [login.bearer]), try server.get("/sessions", fields: [login.bearer]),
            try server.send("DELETE", "/sessions/\(try login.claims.string("sid"))", fields: [login.bearer]),
            try server.post("/password", change, fields: [login.bearer]),
            try server.post("/logout", "{}", fields: [login.bearer]),
            try server.post("/logout", ["refresh_token": login.refreshToken]),
        ]
        for reply in replies {
            try expectProblem(reply, 503, "store_unavailable")
            #expect(reply["retry-after"] == "2")
        }
        // The refusal of what is forged needs no store.
        try expectProblem(try server.get("/me", fields: [login.bearer + "A"]), 401, "invalid_token")
        try expectProblem(try server.post("/logout", ["refresh_token": "x"]), 401, "invalid_grant")
        try FileManager.default.moveItem(atPath: away, toPath: here)
        #expect(try happens(within: .seconds(5)) { try server.get("/me", fields: [login.bearer]).status == 200 })
        #expect(try server.logIn("bob", KeyService.password).status == 200, "nothing was changed")
    }
}

/// The tokens of one answer.
private struct Pair: Sendable {
    /// The field line that presents the access token.
    let bearer: String
    let refresh: String

    init(_ answer: TokenResponse) {
        bearer = answer.bearer
        refresh = answer.refreshToken
    }
}

/// Four clients that ask again and again, each until it is refused.
private final class Crowd: Sendable {
    private let granted = Mutex<[Pair]>([])
    private let group = DispatchGroup()
    private let deadline = Deadline.usual

    /// Starts; `ask` returns nothing when it is refused.
    init(_ ask: @escaping @Sendable (Int) throws -> Pair?) {
        for index in 0..<4 {
            // A queue each, for then each has a thread whatever the number of cores.
            DispatchQueue(label: "crowd.\(index)").async(group: group) { [self] in
                do {
                    while !deadline.isOver, let pair = try ask(index) { granted.withLock { $0.append(pair) } }
                } catch {
                    Issue.record(error)
                }
            }
        }
    }

    /// Waits until so many were granted.
    func grants(_ count: Int) -> Bool {
        deadline.poll { granted.withLock(\.count) >= count }
        return granted.withLock(\.count) >= count
    }

    /// Waits until all are refused, and returns what was granted, in the order of the answers.
    func goesHome() -> [Pair] {
        group.wait()
        #expect(!deadline.isOver, "somebody was never refused")
        return granted.withLock(\.self)
    }
}

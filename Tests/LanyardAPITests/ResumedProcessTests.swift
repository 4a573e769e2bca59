// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import Foundation
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardCrypto
import LanyardStore
import LanyardVerifier
import TestSupport
import Testing

@Suite struct `A process that was stopped for more than 3 s` {
    struct Request: CustomTestStringConvertible, Sendable {
        let name: String
        let send: @Sendable (ResumedProcess, RawResponse) throws -> RawResponse
        var status = 200
        var testDescription: String { name }
    }

    static let requests: [Request] = [
        Request(name: "readiness") { process, _ in try process.send("GET", "/readyz") },
        Request(name: "login") { process, _ in try process.logIn() },
        Request(name: "refresh") { process, login in
            try process.send("POST", "/refresh", body: #"{"refresh_token":"\#(login.text("refresh_token"))"}"#)
        },
        Request(name: "refresh at /token") { process, login in
            try process.send(
                "POST", "/token", body: "grant_type=refresh_token&refresh_token=\(login.text("refresh_token"))",
                isForm: true)
        },
        Request(name: "a client's token") { process, _ in
            try process.send(
                "POST", "/token", [process.basicField], body: "grant_type=client_credentials", isForm: true)
        },
        Request(
            name: "logout",
            send: { process, login in
                try process.send("POST", "/logout", body: #"{"refresh_token":"\#(login.text("refresh_token"))"}"#)
            }, status: 204),
        Request(name: "revocation") { process, login in
            try process.send("POST", "/revoke", body: "token=\(login.text("access_token"))", isForm: true)
        },
        Request(name: "the account") { process, login in try process.send("GET", "/me", [login.bearer]) },
        Request(name: "sessions") { process, login in try process.send("GET", "/sessions", [login.bearer]) },
        Request(
            name: "a proxy's question",
            send: { process, login in try process.send("GET", "/verify", [login.bearer]) }, status: 204),
        Request(name: "a status list") { process, _ in try process.send("GET", "/status/1") },
        Request(name: "the key set") { process, _ in try process.send("GET", "/.well-known/jwks.json") },
    ]

    @Test(arguments: requests)
    func `answers the first request as any other`(request: Request) async throws {
        let process = try await ResumedProcess()
        let login = try process.logIn()
        process.stop()
        #expect(!process.keyed.live.isFresh)
        #expect(try request.send(process, login).status == request.status)
        // A refresh token that its MAC proves to be one says all that a logout has to know.
        #expect(process.keyed.live.isFresh || request.name == "logout")
    }

    @Test func `says in its first answer that a token is active`() async throws {
        let process = try await ResumedProcess()
        let login = try process.logIn()
        process.stop()
        let answer = try process.send(
            "POST", "/introspect", [process.basicField], body: "token=\(login.text("access_token"))", isForm: true)
        #expect(try answer.json["active"] == true)
    }

    @Test func `knows the keys that others made meanwhile, and what they revoked`() async throws {
        let process = try await ResumedProcess()
        let login = try process.logIn()
        let old = process.keyed.live.current.keyring.active.kid
        let other = try await process.other()
        try await other.order(.revoke(kid: old))
        await other.look()
        for clock in [other.clock, process.keyed.clock] { clock.advance(by: .seconds(6)) }
        await other.look()
        let new = other.live.current.keyring.active
        #expect(new.kid != old)

        // Each is the first request after a stop.
        #expect(try process.send("GET", "/verify", [login.bearer]).status == 401, "its key was revoked")
        let login2 = try process.logIn()
        #expect(try login2.header("kid") == new.kid.text)
        #expect(try process.send("GET", "/verify", [login2.bearer]).status == 204)
    }

    @Test func `takes a token that is signed with a key it has never read`() async throws {
        let process = try await ResumedProcess()
        let login = try process.logIn()
        let before = process.keyed.live.current.keyring
        let other = try await process.other()
        try await other.order(.rotate)
        await other.look()
        for clock in [other.clock, process.keyed.clock] { clock.advance(by: KeyedProcess.policy.publishLead) }
        await other.look()
        let key = other.live.current.keyring.active
        #expect(!before.published.keyIDs.contains(key.kid.text))
        let token = try signed(login.claims, with: key)
        #expect(try process.send("GET", "/verify", ["Authorization: Bearer \(token)"]).status == 204)
    }

    @Test func `takes a refresh token that is made with a key it has never read`() async throws {
        let process = try await ResumedProcess()
        let login = try process.logIn()
        let other = try await process.other()
        try await other.order(.rotateRefresh)
        await other.look()
        other.advance(.seconds(5))
        await other.look()
        let old = try #require(
            process.keyed.live.current.refreshTokens.decode(Array(login.text("refresh_token").utf8)))
        let text = other.live.current.refreshTokens.encode(old)
        #expect(process.keyed.live.current.refreshTokens.decode(Array(text.utf8)) == nil)
        process.stop()
        for (path, status) in [("/refresh", 200), ("/logout", 204)] {
            #expect(try process.send("POST", path, body: #"{"refresh_token":"\#(text)"}"#).status == status)
        }
    }

    @Test func `shows in its first key set and status list what changed meanwhile`() async throws {
        let process = try await ResumedProcess()
        let login = try process.logIn()
        let other = try await process.other()
        try await other.order(.rotate)
        let next = try #require(try await other.foundation.nextKey).kid
        let ending = SessionEnding(
            .one(id: try SessionID(login.sessionID), account: nil), cause: .logout, lifetimes: StatusProcess.lifetimes)
        let (store, now) = (process.keyed.store.store, process.keyed.clock.now.wall)
        _ = try await store.endSessions(ending, at: now)
        process.stop()
        let list = try process.send("GET", "/status/1").body
        let keys = try KeySet(parsing: process.send("GET", "/.well-known/jwks.json").body)
        #expect(keys.keyIDs.contains(next.text))
        #expect(try ServedStatusList(list, keys: keys).indices.count == 1)
    }

    @Test func `answers a login that it was stopped in the middle of`() async throws {
        let lane = HeldLane()
        let process = try await ResumedProcess(derive: lane.derive)
        lane.hold()
        let client = try process.connect(
            "POST", "/login", body: #"{"username":"alice","password":"\#(ServiceFixture.password)"}"#)
        try lane.waitUntilHeld()
        process.stop()
        lane.letGo()
        #expect(try client.readResponse().status == 200)
    }

    @Test func `is 503 only if the keys cannot be read`() async throws {
        let process = try await ResumedProcess()
        let login = try process.logIn()
        process.stop()
        process.keyed.store.break(.keyVersion)
        for request in Self.requests where !["the key set", "logout"].contains(request.name) {
            let answer = try request.send(process, login)
            // A list is good for as long as it says.
            #expect(answer.status == (request.name == "a status list" ? 200 : 503), "\(request)")
        }
        #expect(try process.send("GET", "/.well-known/jwks.json").status == 200, "old keys are better than none")
        #expect(try process.send("GET", "/verify", ["Authorization: Bearer a.b.c"]).status == 401)
        process.keyed.store.break(nil)
        #expect(try process.send("GET", "/me", [login.bearer]).status == 200)
    }

    @Test func `reads once for all requests that wait`() async throws {
        let process = try await ResumedProcess()
        let login = try process.logIn()
        process.stop()
        let reads = Guarded(0)
        let (isHeld, isFree) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        process.keyed.store.during(.keyVersion) {
            reads.withLock { $0 += 1 }
            isHeld.signal()
            _ = isFree.wait(timeout: .now() + .seconds(20))
        }
        // The read is held on the loop, behind which the others come in.
        let clients = try (0..<5).map { _ in try process.connect("GET", "/me", [login.bearer]) }
        #expect(isHeld.wait(timeout: .now() + .seconds(20)) == .success)
        process.keyed.store.during(.keyVersion) { reads.withLock { $0 += 1 } }
        isFree.signal()
        for client in clients { #expect(try client.readResponse().status == 200) }
        #expect(reads.withLock { $0 } == 1)
    }
}

/// Makes a token that is signed with `key`.
private func signed(_ claims: JSONObject, with key: SigningKey) throws -> String {
    let header: JSONValue = [
        "alg": .string(key.key.algorithm.rawValue), "kid": .string(key.kid.text), "typ": "at+jwt",
    ]
    let message = Base64URL.encode(header.bytes) + "." + Base64URL.encode(JSONValue.object(claims).bytes)
    return try message + "." + Base64URL.encode(Signer(key.key).sign(Array(message.utf8)))
}

extension RawResponse {
    /// A member of the header of the access token of this login.
    fileprivate func header(_ name: String) throws -> String? {
        let part = String(text("access_token").split(separator: ".")[0])
        return try JSONObject(parsing: Base64URL.decode(part))[name]?.string
    }
}

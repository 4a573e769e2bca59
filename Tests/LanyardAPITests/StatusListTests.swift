// SPDX-License-Identifier: Apache-2.0

internal import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardCrypto
import LanyardStore
import LanyardVerifier
import TestSupport
import Testing

@Suite struct `A status list` {
    /// The draft's own vectors: the indices that are set, and the digest of the array or how it begins.
    static let vectors: [(indices: [Int], begins: [UInt8], digest: String?)] = [
        (
            [0, 1993, 25_460, 159_495, 495_669, 554_353, 645_645, 723_232, 854_545, 934_534, 1_000_345], [],
            "f2529d5d7b48665f8be86037b271b92a9cc7690a42688193d3c97baf2a1e4794"
        ),
        ([0, 3, 4, 5, 7, 8, 9, 13, 15], [0xB9, 0xA3, 0x00], nil),
        ([(1 << 20) - 1], [0x00], nil),
    ]

    @Test func `is unavailable before anything was read, and when nobody can rely on it any more`() async throws {
        let server = try await StatusServer()
        let store = server.process.keyed.store
        for _ in 0..<2 {
            store.break(.statusLists)
            let answer = try server.get()
            #expect(answer.status == 503)
            #expect(answer.text("error") == "store_unavailable")
            #expect(answer["retry-after"] == "2")
            store.break(nil)
            await server.process.look()
            #expect(try server.get().status == 200)
            server.process.keyed.advance(.seconds(3_600))
        }
    }

    @Test(arguments: vectors.indices)
    func `shows what was ended, as the draft does`(index: Int) async throws {
        let vector = Self.vectors[index]
        let server = try await StatusServer(drawing: vector.indices.reversed())
        for _ in vector.indices { try await server.process.end(try await server.process.open()) }
        await server.process.look()
        let list = try server.served()
        #expect(list.bytes.count == 131_072)
        #expect(list.indices == vector.indices)
        #expect(list.bytes.starts(with: vector.begins))
        if let digest = vector.digest { #expect(SHA256.digest(list.bytes).hexadecimal == digest) }
    }

    @Test func `says who made it, when, and for how long`() async throws {
        let server = try await StatusServer()
        await server.process.look()
        let list = try server.served()
        #expect(list.indices == [])
        #expect(list.header["typ"]?.string == "statuslist+jwt")
        #expect(list.header["alg"]?.string == "EdDSA")
        #expect(list.header.members.count == 3)
        #expect(
            list.claims.members.map(\.name) == ["iss", "sub", "iat", "exp", "ttl", "status_list"])
        #expect(list.claims["iss"]?.string == ServiceFixture.issuer)
        #expect(list.claims["sub"]?.string == ServiceFixture.issuer + "/status/1")
        #expect(try list.seconds("iat") == server.process.now.seconds)
        #expect(try list.seconds("exp") == server.process.now.seconds + 3_600)
        #expect(try list.seconds("ttl") == 60)
        let members = try #require(list.claims["status_list"]?.object)
        #expect(members.members.map(\.name) == ["bits", "lst"])
        #expect(members["bits"]?.integer == 1)
    }

    @Test func `lives for an hour, or for ten times its ttl`() {
        #expect(StatusPolicy(ttl: .seconds(5)).lifetime == .seconds(3_600))
        #expect(StatusPolicy(ttl: .seconds(360)).lifetime == .seconds(3_600))
        #expect(StatusPolicy(ttl: .seconds(361)).lifetime == .seconds(3_610))
        #expect(StatusPolicy(ttl: .seconds(3_600)).lifetime == .seconds(36_000))
    }

    // MARK: As it is served

    @Test func `is served as a public document that may be kept for its ttl`() async throws {
        let server = try await StatusServer()
        await server.process.look()
        let whole = try server.get()
        #expect(whole.status == 200)
        #expect(whole["content-type"] == "application/statuslist+jwt")
        #expect(whole["cache-control"] == "public, max-age=60")
        #expect(whole["access-control-allow-origin"] == "*")
        #expect(whole["vary"] == "Accept-Encoding")
        let tag = try #require(whole["etag"])
        #expect(tag.hasPrefix("\""))
        #expect(try server.get("/status/1", method: "HEAD")["content-length"] == "\(whole.body.count)")
        let known = try server.get("/status/1", ["If-None-Match: \(tag)"])
        #expect(known.status == 304)
        #expect(known["cache-control"] == "public, max-age=60")
        let compressed = try server.get("/status/1", ["Accept-Encoding: gzip"])
        #expect(compressed["content-encoding"] == "gzip")
        #expect(compressed["etag"] != tag)
        #expect(compressed.body == Deflate.gzip(whole.body))
        #expect(try server.get("/status/1", ["Origin: https://anywhere.example"]).status == 200)
    }

    @Test(arguments: [
        "/status/2", "/status/0", "/status/01", "/status/-1", "/status/+1", "/status/%2B1", "/status/x", "/status/1x",
        "/status/", "/status", "/status/1/", "/status/9223372036854775808", "/status/18446744073709551617",
        "/status/1/1", "/status/\u{0661}".addingPercents,
    ])
    func `is found at its one address`(path: String) async throws {
        let server = try await StatusServer()
        await server.process.look()
        let answer = try server.get(path)
        #expect(answer.status == 404)
        #expect(answer.text("error") == "not_found")
    }

    @Test(arguments: [
        ("?time=1700000000", 501), ("?time", 501), ("?a=b&time=1", 501), ("?time=1&time=2", 501), ("?%74ime=1", 501),
        ("?a=%zz&time=1", 400), ("?", 200), ("?times=1", 200), ("?a=time", 200), ("?Time=1", 200),
    ])
    func `is not kept for those who ask about the past`(query: String, status: Int) async throws {
        let server = try await StatusServer()
        await server.process.look()
        let answer = try server.get("/status/1" + query)
        #expect(answer.status == status, "\(query)")
        if status == 501 {
            #expect(answer.text("error") == "not_implemented")
            #expect(answer["cache-control"] == "no-store")
            #expect(answer["access-control-allow-origin"] == "*")
        }
    }

    @Test(arguments: [
        ("application/statuslist+cwt", 406), ("application/statuslist+cwt, text/html", 406),
        ("application/statuslist+cwt, application/statuslist+jwt;q=0", 406),
        ("application/statuslist+cwt, application/statuslist+jwt;q=0, */*", 406),
        ("APPLICATION/STATUSLIST+CWT", 406), ("application/statuslist+cwt, application/statuslist+jwt", 200),
        ("application/statuslist+cwt, */*;q=0.1", 200), ("application/statuslist+cwt, application/*", 200),
        ("application/statuslist+cwt;q=0", 200), ("application/statuslist+jwt", 200), ("*/*", 200), ("", 200),
        ("application/json", 200),
    ])
    func `is a JWT and no CWT`(accept: String, status: Int) async throws {
        let server = try await StatusServer()
        await server.process.look()
        let answer = try server.get("/status/1", ["Accept: \(accept)"])
        #expect(answer.status == status, "\(accept)")
        if status == 406 { #expect(answer.text("error") == "not_acceptable") }
    }

    @Test func `is not there where there are none`() async throws {
        let fixture = try await ServiceFixture()
        #expect(try fixture.send("GET", "/status/1").status == 404)
        let login = try fixture.logIn()
        #expect(try login.claims["status"] == nil)
        let owned = try await fixture.store.session(id: SessionID(login.sessionID))
        #expect(owned?.session.status == nil)
    }

    @Test func `is named by every token of a session`() async throws {
        let fixture = try await ServiceFixture { $0.policies.tokens.status = StatusPolicy(ttl: .seconds(60)) }
        let login = try fixture.logIn()
        let status = try #require(try login.claims["status"])
        let list = try #require(status.object?["status_list"]?.object)
        #expect(list.members.map(\.name) == ["idx", "uri"])
        #expect(list["uri"]?.string == ServiceFixture.issuer + "/status/1")
        let index = try #require(list["idx"]?.integer)
        let owned = try await fixture.store.session(id: SessionID(login.sessionID))
        #expect(owned?.session.status?.index == index)
        #expect(owned?.session.status?.list == 1)
        fixture.clock.advance(by: .seconds(60))
        #expect(try fixture.refresh(login.text("refresh_token")).claims["status"] == status)
        #expect(try fixture.logIn().claims["status"] != status)
        let verified = try fixture.verify(login.text("access_token"))
        #expect(verified.status?.index == index)
    }
}

extension String {
    /// The text as it stands in a path, all of it escaped but slashes and ASCII letters.
    fileprivate var addingPercents: String {
        utf8.map { $0 < 0x80 ? String(UnicodeScalar($0)) : "%" + [$0].hexadecimal }.joined()
    }
}

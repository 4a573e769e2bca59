// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@Suite struct `Preconditions` {
    private static let path = "/.well-known/jwks.json"
    private static let gzip = "Accept-Encoding: gzip"

    private struct Tags {
        let identity: String
        let gzip: String

        init(_ fixture: ServiceFixture) throws {
            identity = try #require(fixture.send("GET", path)["etag"])
            gzip = try #require(fixture.send("GET", path, fields: [Preconditions.gzip])["etag"])
        }
    }

    @Test func `by If-None-Match spare the client what it has`() async throws {
        let fixture = try await ServiceFixture()
        let tags = try Tags(fixture)
        let known = [
            tags.identity, "W/\(tags.identity)", "\"x\", \(tags.identity)", "*", " , \(tags.identity),\"x,y\"",
        ]
        let others = [
            "\"x\"", "x", "", "\"*\"", "W/*", "w/\(tags.identity)", tags.identity + "x", "\(tags.identity.dropLast())",
            "\(tags.identity.dropFirst().dropLast())", "\"x\" \(tags.identity)", "*, \(tags.identity.dropLast())", "ÿ",
        ]
        for method in ["GET", "HEAD"] {
            for condition in known {
                let answer = try fixture.send(method, Self.path, fields: ["If-None-Match: \(condition)"])
                #expect(answer.status == 304, "\(condition)")
                #expect(answer.body.isEmpty)
            }
            for condition in others {
                let answer = try fixture.send(method, Self.path, fields: ["If-None-Match: \(condition)"])
                #expect(answer.status == 200, "\(condition)")
            }
        }
        let lines = ["If-None-Match: \"x\"", "If-None-Match: \(tags.identity)"]
        #expect(try fixture.send("GET", Self.path, fields: lines).status == 304)
    }

    @Test func `are about the coding that would be sent`() async throws {
        let fixture = try await ServiceFixture()
        let tags = try Tags(fixture)
        #expect(try fixture.send("GET", Self.path, fields: ["If-None-Match: \(tags.gzip)"]).status == 200)
        let fields = [Self.gzip, "If-None-Match: \(tags.identity)"]
        let changed = try fixture.send("GET", Self.path, fields: fields)
        #expect(changed.status == 200)
        #expect(changed["content-encoding"] == "gzip")
        let both = "If-None-Match: \(tags.identity), \(tags.gzip)"
        #expect(try fixture.send("GET", Self.path, fields: [both])["etag"] == tags.identity)
        #expect(try fixture.send("GET", Self.path, fields: [both, Self.gzip])["etag"] == tags.gzip)
        #expect(try fixture.send("GET", Self.path, fields: ["If-Match: \(tags.gzip)"]).status == 412)
        #expect(try fixture.send("GET", Self.path, fields: ["If-Match: \(tags.gzip)", Self.gzip]).status == 200)
    }

    @Test func `leave a cache with all that it must know`() async throws {
        let fixture = try await ServiceFixture()
        for fields in [[], [Self.gzip]] {
            let whole = try fixture.send("GET", Self.path, fields: fields)
            let tag = try #require(whole["etag"])
            let answer = try fixture.send("GET", Self.path, fields: fields + ["If-None-Match: \(tag)"])
            #expect(answer.status == 304)
            // RFC 9110 §15.4.5.
            for name in [
                "etag", "cache-control", "vary", "access-control-allow-origin", "cross-origin-resource-policy",
            ] {
                #expect(answer[name] == whole[name], "\(name)")
            }
            #expect(answer["date"] != nil)
            for name in ["content-type", "content-encoding", "content-length"] { #expect(answer[name] == nil) }
        }
    }

    @Test func `by If-Match ask for one representation or nothing`() async throws {
        let fixture = try await ServiceFixture()
        let tag = try Tags(fixture).identity
        for condition in [tag, "*", "\"x\", \(tag)"] {
            #expect(
                try fixture.send("GET", Self.path, fields: ["If-Match: \(condition)"]).status == 200, "\(condition)")
        }
        // RFC 9110 §13.1.1: compared strongly.
        for condition in ["\"x\"", "W/\(tag)", "x", "", "\(tag.dropLast())"] {
            let answer = try fixture.send("GET", Self.path, fields: ["If-Match: \(condition)"])
            #expect(answer.status == 412, "\(condition)")
            #expect(answer["content-type"] == "application/problem+json")
            #expect(answer["cache-control"] == "no-store")
            #expect(answer["access-control-allow-origin"] == "*")
            #expect(answer.text("error") == "precondition_failed")
            #expect(try fixture.send("HEAD", Self.path, fields: ["If-Match: \(condition)"]).status == 412)
        }
    }

    @Test func `are judged in their order`() async throws {
        let fixture = try await ServiceFixture()
        let tag = try Tags(fixture).identity
        // RFC 9110 §13.2.2.
        let cases = [
            (["If-Match: \(tag)", "If-None-Match: \(tag)"], 304),
            (["If-Match: \"x\"", "If-None-Match: \(tag)"], 412),
            (["If-None-Match: \(tag)", "If-Match: \"x\""], 412),
            (["If-Match: \(tag)", "If-None-Match: \"x\""], 200),
        ]
        for (fields, status) in cases {
            #expect(try fixture.send("GET", Self.path, fields: fields).status == status, "\(fields)")
        }
    }

    @Test func `by time are none, for nothing has a time`() async throws {
        let fixture = try await ServiceFixture()
        #expect(try fixture.send("GET", Self.path)["last-modified"] == nil)
        // RFC 9110 §13.1.3, §13.1.4, §13.1.5.
        for name in ["If-Modified-Since", "If-Unmodified-Since", "If-Range"] {
            for date in ["Sun, 06 Nov 1994 08:49:37 GMT", "Fri, 31 Dec 2100 23:59:59 GMT", "x"] {
                let answer = try fixture.send("GET", Self.path, fields: ["\(name): \(date)", "Range: bytes=0-0"])
                #expect(answer.status == 200, "\(name): \(date)")
            }
        }
    }

    @Test func `are ignored where nothing is selected`() async throws {
        let fixture = try await ServiceFixture()
        // RFC 9110 §13.2.1.
        for condition in ["If-Match: \"x\"", "If-None-Match: *", "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT"] {
            #expect(try fixture.logIn(fields: [condition]).status == 200, "\(condition)")
            #expect(try fixture.send("POST", Self.path, fields: [condition], body: "{}").status == 405, "\(condition)")
            #expect(try fixture.send("OPTIONS", Self.path, fields: [condition]).status == 204, "\(condition)")
            #expect(try fixture.send("GET", "/nothing", fields: [condition]).status == 404, "\(condition)")
        }
    }
}

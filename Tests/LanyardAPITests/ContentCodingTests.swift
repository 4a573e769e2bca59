// SPDX-License-Identifier: Apache-2.0

import LanyardCoding
import TestSupport
import Testing

@Suite struct `Content codings` {
    /// What a client says it takes, one field line each, and whether it then gets gzip.
    private static let wishes: [(lines: [String], isGzip: Bool)] = [
        ([], false),
        // What clients send.
        (["gzip"], true),
        (["gzip, deflate"], true),
        (["gzip, deflate, br, zstd"], true),
        (["deflate, gzip, br"], true),
        (["gzip;q=1.0, deflate;q=0.6, identity;q=0.3"], true),
        (["identity"], false),
        (["identity;q=1, *;q=0"], false),
        (["br;q=1.0, gzip;q=0.8, *;q=0.1"], true),
        (["deflate"], false),
        (["br"], false),
        // RFC 9110 §12.5.3: an empty value wants no coding.
        ([""], false),
        ([" \t "], false),
        ([","], false),
        ([",, gzip ,,"], true),
        // §8.4.1: codings have no case; x-gzip is gzip.
        (["GZip"], true),
        (["x-gzip"], true),
        (["X-GZIP;Q=0.5"], true),
        (["gzipped"], false),
        (["xgzip"], false),
        (["g zip"], false),
        // §12.4.2: weights.
        (["gzip;q=0"], false),
        (["gzip;q=0."], false),
        (["gzip;q=0.000"], false),
        (["gzip;q=0.001"], true),
        (["gzip;q=1"], true),
        (["gzip;q=1."], true),
        (["gzip;q=1.000"], true),
        (["gzip \t; \tq=0.5"], true),
        (["gzip;q=0.5, identity"], false),
        (["identity, gzip;q=0.999"], false),
        (["gzip;q=0.5, identity;q=0.5"], true),
        (["gzip;q=0.5, identity;q=0.501"], false),
        (["gzip;q=0.5, identity;q=0.49"], true),
        (["gzip;q=0.1, deflate;q=0.9"], true),
        // `*` is what is not named, the content as it is among it.
        (["*"], true),
        (["*;q=0.1"], true),
        (["*;q=0"], false),
        (["*;q=0, gzip"], true),
        (["*, gzip;q=0"], false),
        (["*, gzip;q=0.5"], false),
        (["*;q=0.3, gzip;q=0.4"], true),
        (["*, identity;q=0.5"], true),
        (["*;q=0.5, identity"], false),
        // Who refuses the content as it is and does not take gzip gets it as it is.
        (["identity;q=0"], false),
        (["identity;q=0, gzip;q=0"], false),
        (["identity;q=0, br"], false),
        (["identity;q=0, *"], true),
        (["identity;q=0, gzip;q=0.1"], true),
        // Several lines are one list (RFC 9110 §5.3).
        (["br", "gzip"], true),
        (["gzip", "br"], true),
        (["gzip;q=0.5", "identity"], false),
        (["", "gzip"], true),
        (["br", "deflate"], false),
        (["br", "", "gzip;q=0"], false),
        // Twice: the lower weight.
        (["gzip, gzip;q=0"], false),
        (["gzip;q=0, x-gzip"], false),
        // What is malformed is not asked for.
        (["gzip;q=2"], false),
        (["gzip;q=1.001"], false),
        (["gzip;q=0.0000"], false),
        (["gzip;q=0.1234"], false),
        (["gzip;q=-1"], false),
        (["gzip;q=0,5"], false),
        (["gzip;q=.5"], false),
        (["gzip;q=1a"], false),
        (["gzip;q=1 0"], false),
        (["gzip;q"], false),
        (["gzip;q="], false),
        (["gzip;"], false),
        (["gzip;;q=1"], false),
        (["gzip;q = 1"], false),
        (["gzip;level=9"], false),
        (["gzip;q=1;q=1"], false),
        (["\"gzip\""], false),
        (["gzip deflate"], false),
        (["gzip/1"], false),
        (["*;q=x"], false),
        ([";q=1"], false),
        (["=;,;=\"\\ÿ"], false),
        (["gzip, =;\"\\ÿ"], true),
        ([String(repeating: "br,", count: 2_000) + "gzip"], true),
    ]

    @Test func `are what the client prefers`() async throws {
        let fixture = try await ServiceFixture()
        let plain = try fixture.send("GET", "/.well-known/jwks.json").body
        // What is ready at the one, and made at the other.
        for path in ["/.well-known/jwks.json", "/.well-known/jwks.json?query"] {
            for (lines, isGzip) in Self.wishes {
                let fields = lines.map { "Accept-Encoding: " + $0 }
                let answer = try fixture.send("GET", path, fields: fields)
                #expect(answer.status == 200)
                #expect(answer["content-encoding"] == (isGzip ? "gzip" : nil), "\(path) \(lines)")
                #expect(answer.body == (isGzip ? Deflate.gzip(plain) : plain), "\(path) \(lines)")
                #expect(answer["vary"] == "Accept-Encoding")
            }
        }
    }

    static let documents = [
        "/.well-known/jwks.json", "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration",
    ]

    @Test(arguments: documents)
    func `differ in nothing but what they must`(path: String) async throws {
        let fixture = try await ServiceFixture()
        let plain = try fixture.send("GET", path)
        let gzip = try fixture.send("GET", path, fields: ["Accept-Encoding: gzip"])
        #expect(gzip.body == Deflate.gzip(plain.body))
        #expect(gzip.body.count < plain.body.count)
        for answer in [plain, gzip] {
            #expect(answer["content-length"] == "\(answer.body.count)")
            let tag = try #require(answer["etag"])
            #expect(tag.wholeMatch(of: /"[A-Za-z0-9_-]{22}"/) != nil, "strong, and no character that needs care")
        }
        #expect(plain["etag"] != gzip["etag"])
        for name in ["content-type", "cache-control", "vary", "access-control-allow-origin", "x-frame-options"] {
            #expect(plain[name] == gzip[name])
            #expect(plain[name] != nil, "\(name)")
        }
    }

    @Test(arguments: documents)
    func `are the same for HEAD`(path: String) async throws {
        let fixture = try await ServiceFixture()
        for fields in [[], ["Accept-Encoding: gzip"], ["Accept-Encoding: br", "Accept-Encoding: gzip"]] {
            let get = try fixture.send("GET", path, fields: fields)
            let head = try fixture.send("HEAD", path, fields: fields)
            #expect(head.status == 200)
            for name in ["content-length", "content-encoding", "content-type", "etag", "vary", "cache-control"] {
                #expect(head[name] == get[name], "\(name) \(fields)")
            }
        }
    }

    @Test func `are for public documents alone`() async throws {
        let fixture = try await ServiceFixture()
        for path in ["/livez", "/nothing"] {
            #expect(try fixture.send("GET", path, fields: ["Accept-Encoding: gzip"])["content-encoding"] == nil)
        }
        // A secret beside what the client chose must not be compressed with it.
        #expect(try fixture.logIn(fields: ["Accept-Encoding: gzip"])["content-encoding"] == nil)
    }
}

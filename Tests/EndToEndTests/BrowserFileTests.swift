// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct `The files for browsers` {
    @Test func `are the module for every page, kept and asked for anew`() throws {
        let server = try RunningLanyard(settings: ["LANYARD_ISSUER": "https://auth.example.com/auth"])
        for (path, type) in [("/lanyard.js", "text/javascript"), ("/lanyard.d.ts", "text/plain")] {
            let reply = try server.get(path, fields: ["Origin: https://anybody.example"])
            expectUsualFields(reply)
            #expect(reply.status == 200)
            #expect(reply["content-type"] == type + "; charset=utf-8")
            #expect(reply["access-control-allow-origin"] == "*")
            #expect(reply["access-control-allow-credentials"] == nil)
            #expect(reply["cross-origin-resource-policy"] == "cross-origin")
            #expect(reply["x-content-type-options"] == "nosniff")
            #expect(reply["cache-control"]?.contains("max-age=300") == true)
            let file = Lanyard.repository + "/Sources/LanyardAPI/Browser" + path
            #expect(reply.body == (try TemporaryFolder.bytes(at: file)))
            let tag = try #require(reply["etag"])
            #expect(tag.hasPrefix("\""))
            #expect(try server.get(path, fields: ["If-None-Match: \(tag)"]).status == 304)
            let gzip = try server.get(path, fields: ["Accept-Encoding: gzip"])
            #expect(gzip["content-encoding"] == "gzip")
            #expect(gzip.body.count * 2 < reply.body.count)
            #expect(gzip["etag"] != tag)
            #expect(try server.get("/auth" + path).body == reply.body)
            #expect(try server.send("POST", path, body: []).status == 405)
        }
    }

    @Test func `have a page only for developers`() throws {
        let server = try RunningLanyard()
        for path in ["/", "/playground.js", "/playground.css", "/playground.html", "/index.html"] {
            #expect(try server.get(path).status == 404, "\(path)")
        }
    }

    @Test func `are a page that may do nothing but ask this server`() throws {
        let server = try RunningLanyard(["--dev"])
        let reply = try server.get("/")
        #expect(reply.status == 200)
        #expect(reply["content-type"] == "text/html; charset=utf-8")
        #expect(reply["cache-control"] == "no-cache")
        #expect(reply["x-frame-options"] == "DENY")
        #expect(reply["referrer-policy"] == "no-referrer")
        #expect(reply["cross-origin-opener-policy"] == "same-origin")
        #expect(reply["cross-origin-resource-policy"] == "same-origin")
        let policies = reply.fields.filter { $0.name == "content-security-policy" }
        #expect(policies.count == 1, "and not that of the answers for programs as well")
        let directives = Set(policies.first?.value.components(separatedBy: "; ") ?? [])
        #expect(
            directives.isSuperset(of: [
                "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "base-uri 'none'",
                "form-action 'none'", "frame-ancestors 'none'",
            ]))
        #expect(!directives.contains { $0.contains("unsafe") || $0.contains("http") || $0.contains("*") })
        let text = reply.text
        #expect(!text.contains("<style") && !text.contains(" style=") && !text.contains("<script>"))
        let tag = try #require(reply["etag"])
        #expect(try server.get("/", fields: ["If-None-Match: \(tag)"]).status == 304)

        for (path, type) in [("/playground.js", "text/javascript"), ("/playground.css", "text/css")] {
            let file = try server.get(path)
            expectUsualFields(file)
            #expect(file.status == 200)
            #expect(file["content-type"] == type + "; charset=utf-8")
            #expect(file["content-security-policy"]?.hasPrefix("default-src 'none'; frame-ancestors") == true)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite(.server("--dev"))
struct `Public documents as gzip` {
    let server: RunningLanyard

    init() throws {
        server = try .shared()
    }

    static let documents = Discovery.documents
    private static let tools: Comment = "curl and gzip are installed"
    private static let hasTools = ["/usr/bin/curl", "/bin/gzip"].allSatisfy(
        FileManager.default.isExecutableFile(atPath:))

    @Test(.enabled(if: hasTools, tools), arguments: documents)
    func `are the same documents once decompressed`(path: String) throws {
        let folder = try TemporaryFolder()
        let plain = try server.get(path)
        let url = "http://localhost:\(server.port)\(path)"
        #expect(try run("/usr/bin/curl", Self.curl + ["--compressed", url], folder) == plain.text)
        try run("/usr/bin/curl", Self.curl + ["--header", "Accept-Encoding: gzip", "--output", "a.gz", url], folder)
        let bytes = try folder.bytes(of: "a.gz")
        #expect(bytes.count < plain.body.count)
        #expect(try server.get(path, fields: ["Accept-Encoding: gzip, deflate, br"]).body == bytes)
        try run("/bin/gzip", ["--decompress", "a.gz"], folder)
        #expect(try folder.bytes(of: "a") == plain.body)
    }

    @Test(.enabled(if: hasTools, tools), arguments: documents)
    func `are kept by a client that keeps entity tags`(path: String) throws {
        let folder = try TemporaryFolder()
        let url = "http://localhost:\(server.port)\(path)"
        for coding in [[], ["--compressed"]] {
            // curl saves the tag of the one answer, and sends it with the next request.
            let arguments =
                Self.curl + coding + ["--etag-save", "tag", "--etag-compare", "tag", "--write-out", "%{http_code}"]
            #expect(try run("/usr/bin/curl", arguments + ["--output", "first", url], folder) == "200")
            #expect(try run("/usr/bin/curl", arguments + ["--output", "second", url], folder) == "304")
            #expect(!folder.contains("second"))
            try FileManager.default.removeItem(atPath: folder.path(of: "tag"))
        }
    }

    @Test(arguments: documents)
    func `say what they are`(path: String) throws {
        let plain = try server.get(path)
        #expect(plain["content-encoding"] == nil)
        let wishes = [
            ["Accept-Encoding: gzip"], ["Accept-Encoding: deflate, GZIP;q=0.5"], ["Accept-Encoding: *"],
            ["Accept-Encoding: br", "Accept-Encoding: x-gzip"],
        ]
        for fields in wishes {
            let gzip = try server.get(path, fields: fields)
            expectUsualFields(gzip)
            #expect(gzip["content-encoding"] == "gzip", "\(fields)")
            #expect(gzip.list(of: "vary") == plain.list(of: "vary"))
            #expect(gzip.list(of: "vary") == ["Accept-Encoding"])
            #expect(gzip["etag"] != plain["etag"])
            #expect(gzip["content-type"] == plain["content-type"])
            let head = try server.send("HEAD", path, fields: fields)
            #expect(head.body.isEmpty)
            for name in ["content-encoding", "content-length", "etag", "content-type", "cache-control", "vary"] {
                #expect(head[name] == gzip[name], "\(name)")
            }
            let tag = try #require(gzip["etag"])
            let known = try server.get(path, fields: fields + ["If-None-Match: \(tag)"])
            expectUsualFields(known)
            #expect(known.status == 304)
            for name in ["etag", "vary", "cache-control"] { #expect(known[name] == gzip[name], "\(name)") }
            #expect(try server.get(path, fields: ["If-None-Match: \(tag)"]).status == 200, "another coding")
            #expect(try server.get(path, fields: ["If-Match: \(tag)"]).status == 412)
        }
    }

    @Test(arguments: ["", "identity", "gzip;q=0", "br", "gzip;q=2", "*;q=0", "identity;q=0", "\"\\,;=%00"])
    func `are only for those who ask for them`(value: String) throws {
        for path in Self.documents {
            let reply = try server.get(path, fields: ["Accept-Encoding: \(value)"])
            #expect(reply.status == 200)
            #expect(reply["content-encoding"] == nil)
            #expect(throws: Never.self) { try JSONObject(reply.body) }
        }
    }

    private static let curl = ["--silent", "--show-error", "--fail", "--max-time", "60"]

    /// Runs a program in a folder and returns what it wrote.
    @discardableResult
    private func run(_ executable: String, _ arguments: [String], _ folder: TemporaryFolder) throws -> String {
        let output = try Lanyard.run(
            ChildProcess.Invocation(
                executable: executable, arguments: arguments, environment: Lanyard.environment, folder: folder.path))
        guard output.ending == .exit(0) else { throw Failure("\(executable) \(arguments): \(output.standardError)") }
        return output.standardOutput
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

@Suite struct `The log of a server` {
    @Test func `is JSON from the first line to the last, and tells the life of the server`() throws {
        let server = try RunningLanyard()
        let reply = try server.get("/nowhere")
        #expect(try server.logLine(of: reply).string("event") == "request_refused")
        #expect(try server.stop() == .exit(0))
        let lines = try server.process.standardError.lines.map { try JSONObject($0) }
        let events = try lines.map { try $0.string("event") }
        #expect(events == ["store_made", "started", "no_account", "request_refused", "draining", "stopped"])
        let started = try #require(lines.dropFirst().first)
        #expect(try started.string("issuer") == "http://127.0.0.1:\(server.port)")
        #expect(try started.strings("listeners") == [server.url])
        #expect(try started.strings("management") == ["http://127.0.0.1:\(server.managementPort)"])
        #expect(try started.string("store") == "sqlite")
        #expect(try !started.string("version").isEmpty)
        let names = [
            "ts", "level", "event", "msg", "request_id", "client_ip", "method", "route", "status", "dur_ms", "account",
            "sid", "reason",
        ]
        for line in server.process.standardError.lines {
            let places = names.compactMap { line.range(of: "\"\($0)\":")?.lowerBound }
            #expect(places == places.sorted(), "\(line)")
        }
    }

    @Test func `of a server for developers is JSON where that is asked for, the banner too`() throws {
        let server = try RunningLanyard(["--dev"], settings: ["LANYARD_LOG_FORMAT": "json"])
        #expect(try server.stop() == .exit(0))
        let lines = try server.process.standardError.lines.map { try JSONObject($0) }
        #expect(try lines.contains { try $0.string("msg").contains("NOT FOR PRODUCTION") })
    }

    @Test func `has a line for every request at debug level`() throws {
        let server = try RunningLanyard(settings: ["LANYARD_LOG_LEVEL": "debug"])
        for path in ["/livez", "/.well-known/jwks.json", "/readyz"] {
            let reply = try server.get(path)
            #expect(reply.status == 200)
            let line = try server.logLine(of: reply)
            #expect(try line.string("event") == "request" && line.string("route") == path)
            #expect(try line.integer("status") == 200)
        }
    }

    @Test func `tells when the store goes and comes back, once each`() throws {
        let server = try RunningLanyard()
        let folder = server.folder
        for (from, to) in [("data", "away"), ("away", "data")] {
            try FileManager.default.moveItem(atPath: folder.path(of: from), toPath: folder.path(of: to))
            let event = to == "away" ? "store_away" : "store_back"
            let lines = server.process.standardError.lines(by: .usual) { $0.contains { $0.contains(event) } }
            #expect(lines != nil, "\(event)")
        }
        #expect(try server.logLines(of: "store_away").count == 1)
        #expect(try server.logLines(of: "store_back").count == 1)
    }

    @Test func `warns of what others could change`() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("data")
        try folder.setMode(of: "data", to: 0o777)
        let server = try RunningLanyard(in: folder)
        #expect(try server.stop() == .exit(0))
        #expect(try server.logLines(of: "exposed").first?.string("msg").contains(folder.path(of: "data")) == true)
    }
}

@Suite struct `A byte order mark` {
    private static let mark = "\u{FEFF}"

    @Test func `at the start of what is read does not count`() throws {
        let folder = try TemporaryFolder()
        let password = "a password behind a mark"
        try folder.write("my.env", Self.mark + "LANYARD_KEYS_MASTER_FILE=key\n")
        try folder.write("key", Self.mark + "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n")
        let config = ["--config", "my.env"]
        let added = try Lanyard.run(
            ["account", "add", "bob", "--password-stdin"] + config, input: Self.mark + password + "\n", in: folder)
        #expect(added.ending == .exit(0), "\(added)")
        let server = try RunningLanyard(config, in: folder)
        let login = try server.post(
            "/login", Self.mark + #"{"username":"bob","password":"\#(password)"}"#)
        let token = try TokenResponse(login).accessToken
        let decoded = try Lanyard.run(["token", "decode", "-"], input: Self.mark + token, in: folder)
        #expect(decoded.ending == .exit(0), "\(decoded)")
        let keys = try server.get("/.well-known/jwks.json").text
        try folder.write("keys.json", Self.mark + keys)
        let verified = try Lanyard.run(["token", "verify", token, "--jwks", "keys.json"], in: folder)
        #expect(verified.ending == .exit(0), "\(verified)")
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(.server("--dev"))
struct `A login is refused` {
    let server: RunningLanyard

    init() throws {
        server = try .shared()
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let body: [UInt8]
        var type = "application/json"
        var fields: [String] = []
        var status = 400
        var word = "invalid_request"

        init(_ name: String, _ body: String) {
            self.name = name
            self.body = Array(body.utf8)
        }

        init(_ name: String, bytes: [UInt8]) {
            self.name = name
            body = bytes
        }

        func sent(as type: String, _ fields: String...) -> Case {
            var copy = self
            copy.type = type
            copy.fields = fields
            return copy
        }

        func answered(_ status: Int, _ word: String) -> Case {
            var copy = self
            (copy.status, copy.word) = (status, word)
            return copy
        }

        var testDescription: String { name }
    }

    static let good = #"{"username":"alice","password":"correct horse battery staple"}"#
    static let form = "application/x-www-form-urlencoded"

    static let malformed = [
        Case("an empty body", ""),
        Case("half an object", #"{"username":"alice""#),
        Case("not JSON", "username: alice"),
        Case("an array", #"["alice","correct horse battery staple"]"#),
        Case("a string", #""alice""#),
        Case("two objects", good + good),
        Case("something after the object", good + "x"),
        Case("a member twice", #"{"username":"bob","username":"alice","password":"correct horse battery staple"}"#),
        Case(
            "a member twice, once escaped",
            #"{"username":"bob","user\u006eame":"alice","password":"correct horse battery staple"}"#),
        Case("a trailing comma", #"{"username":"alice","password":"correct horse battery staple",}"#),
        Case("a comment", #"{"username":"alice",/**/"password":"correct horse battery staple"}"#),
        Case("single quotes", "{'username':'alice','password':'correct horse battery staple'}"),
        Case("bad UTF-8", bytes: Array(#"{"username":"al"#.utf8) + [0xC3, 0x28] + Array(#"","password":"x"}"#.utf8)),
        Case(
            "an overlong UTF-8 form",
            bytes: Array(#"{"username":""#.utf8) + [0xC1, 0xA1] + Array(#"lice","password":"x"}"#.utf8)),
        Case("two byte order marks", bytes: [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF] + Array(good.utf8)),
        Case("half a surrogate pair", #"{"username":"\ud800","password":"x"}"#),
        Case("a control character in a string", "{\"username\":\"al\u{1}ice\",\"password\":\"x\"}"),
        Case("a name that is a number", #"{"username":7,"password":"correct horse battery staple"}"#),
        Case("a password that is null", #"{"username":"alice","password":null}"#),
        Case("a password that is an array", #"{"username":"alice","password":["correct horse battery staple"]}"#),
        Case("no password", #"{"username":"alice"}"#),
        Case("no name", #"{"password":"correct horse battery staple"}"#),
        Case("members in other case", #"{"Username":"alice","Password":"correct horse battery staple"}"#),
        Case(
            "an audience that is a number",
            #"{"username":"alice","password":"correct horse battery staple","audience":1}"#),
        Case(
            "roles that are an object",
            #"{"username":"alice","password":"correct horse battery staple","roles":{}}"#),
        Case("a label that is true", #"{"username":"alice","password":"correct horse battery staple","label":true}"#),
        Case(
            "nested too deeply",
            #"{"username":"alice","password":"x","a":"# + String(repeating: "[", count: 3_000)
                + String(repeating: "]", count: 3_000) + "}"),
        Case(
            "a form parameter twice",
            "username=bob&username=alice&password=correct+horse+battery+staple"
        ).sent(as: form),
        Case("a form without a password", "username=alice").sent(as: form),
        Case("a form with a broken escape", "username=alice&password=%zz").sent(as: form),
        Case("a form with half an escape", "username=alice&password=correct%2").sent(as: form),
        Case("a form that is not UTF-8", "username=alice&password=%ff%fe").sent(as: form),
    ]

    static let unfit = [
        Case("text", good).sent(as: "text/plain").answered(415, "unsupported_media_type"),
        Case("XML", "<login/>").sent(as: "application/xml").answered(415, "unsupported_media_type"),
        Case("a multipart form", "--x--").sent(as: "multipart/form-data; boundary=x")
            .answered(415, "unsupported_media_type"),
        Case("JSON in another character set", good).sent(as: "application/json; charset=iso-8859-1")
            .answered(415, "unsupported_media_type"),
        Case("a compressed body", good).sent(as: "application/json", "Content-Encoding: gzip")
            .answered(415, "unsupported_media_type"),
        Case("9 KiB", #"{"username":"alice","password":""# + String(repeating: "x", count: 9_000) + #""}"#)
            .answered(413, "content_too_large"),
    ]

    @Test(arguments: malformed + unfit)
    func `when what is sent is`(refusal: Case) throws {
        let fields = ["Content-Type: \(refusal.type)"] + refusal.fields
        let reply = try server.send("POST", "/login", fields: fields, body: refusal.body)
        try expectProblem(reply, refusal.status, refusal.word)
    }

    @Test func `when it is chunked and too large`() throws {
        let connection = try RawConnection(port: server.port)
        try connection.send(
            "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n")
        let chunk = "400\r\n" + String(repeating: " ", count: 1_024) + "\r\n"
        for _ in 0..<9 { try connection.send(chunk) }
        let reply = try connection.reply()
        try expectProblem(reply, 413, "content_too_large")
        #expect(reply["connection"] == "close")
        #expect(try connection.bytesUntilClosed().isEmpty)
    }

    @Test func `with one answer, whoever does not exist and whatever is wrong`() throws {
        let replies = [
            try server.logIn("alice", "a wrong password"),
            try server.logIn("nobody", "a wrong password"),
            try server.logIn("nobody", RunningLanyard.alicesPassword),
            try server.logIn("alice", ""),
            try server.logIn("alice", String(repeating: "x", count: 257)),
            try server.logIn("alice", RunningLanyard.alicesPassword + String(repeating: " ", count: 1_024)),
            try server.logIn(String(repeating: "a", count: 129), RunningLanyard.alicesPassword),
            try server.logIn("alice\u{0}", RunningLanyard.alicesPassword),
            try server.logIn("\u{A0}alice", RunningLanyard.alicesPassword),
        ]
        for reply in replies {
            try expectProblem(reply, 401, "invalid_credentials")
        }
        let blinded = replies.map(Blinded.init)
        #expect(Set(blinded).count == 1, "\(Set(blinded))")
    }

    /// An answer without what must differ between two answers: the request id and the date.
    private struct Blinded: Hashable, CustomStringConvertible {
        let description: String

        init(_ reply: Reply) {
            let id = reply["x-request-id"] ?? "none"
            let fields = reply.fields.filter { $0.name != "date" }
            let text = "\(reply.status) \(fields) \(reply.text)"
            description = text.replacing(id, with: "<id>")
        }
    }

    @Test func `without a trace of the password in the log`() throws {
        #expect(try server.logIn("alice", "the-password-of-this-test").status == 401)
        #expect(try server.logIn("nobody", "the-password-of-this-test").status == 401)
        // The answer to a later request shows that the log of the others is written.
        #expect(try server.get("/livez").status == 200)
        #expect(!server.process.standardError.text.contains("the-password-of-this-test"))
    }
}

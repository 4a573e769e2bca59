// SPDX-License-Identifier: Apache-2.0

import CLibssl
import Glibc
import LanyardHTTP
import TestSupport
import Testing

@Suite struct `HTTP client under TLS` {
    typealias Content = TestCertificate.Content

    static let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

    static let authority: TestCertificate = {
        var content = Content()
        content.name = "a root of the tests"
        content.alternatives = ""
        content.isAuthority = true
        return TestCertificate(.curve("P-256"), content)
    }()

    static let stranger: TestCertificate = {
        var content = Content()
        content.name = "a root of somebody else"
        content.isAuthority = true
        return TestCertificate(.curve("P-256"), content)
    }()

    static func certificate(_ change: (inout Content) -> Void = { _ in }) -> TestCertificate {
        var content = Content()
        change(&content)
        return TestCertificate(.curve("P-256"), content, issuer: authority)
    }

    private static func client(_ trusted: TestCertificate, timeout: Duration = .seconds(5)) -> Client {
        Client(timeout: timeout, trust: .exactly(certificatePEM: trusted.pem))
    }

    @Test func `gets an answer from the one server that it trusts`() throws {
        let certificate = TestCertificate()
        let server = try TLSTestServer(TLSServerContext(certificate), answering: Self.answer)
        let response = try Self.client(certificate).get("https://127.0.0.1:\(server.port)/a?b")
        #expect(response.status == 200)
        #expect(response.body == Array("{}".utf8))
        let (text, hasEnded) = server.outcome()
        #expect(text.hasPrefix("GET /a?b HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"))
        #expect(hasEnded)
    }

    @Test func `names the host in the handshake, but never an address`() throws {
        let certificate = TestCertificate()
        for host in ["localhost", "127.0.0.1"] {
            let server = try TLSTestServer(TLSServerContext(certificate), answering: Self.answer)
            _ = try Self.client(certificate).get("https://\(host):\(server.port)/")
            let bytes = server.firstBytes()
            #expect(bytes.contains("http/1.1"))
            #expect(bytes.contains(host) == (host == "localhost"))
        }
    }

    @Test func `trusts that one whatever its names and dates are`() throws {
        let certificate = Self.certificate {
            $0.alternatives = "DNS:elsewhere.example"
            $0.validity = -7_200 ... -3_600
        }
        let server = try TLSTestServer(TLSServerContext(certificate), answering: Self.answer)
        #expect(try Self.client(certificate).get("https://127.0.0.1:\(server.port)/").status == 200)
    }

    @Test func `asks no other, even one of the same issuer and name`() throws {
        let server = try TLSTestServer(TLSServerContext(Self.certificate()), answering: Self.answer)
        #expect(throws: ClientError.untrusted(reason: "certificate not trusted")) {
            try Self.client(Self.certificate()).get("https://127.0.0.1:\(server.port)/")
        }
        #expect(server.outcome().text.isEmpty)
    }

    struct Judgement: CustomTestStringConvertible, Sendable {
        let name: String
        var host = "localhost"
        /// OpenSSL's reason, or `nil` if the certificate is good.
        let reason: String?
        var isForeign = false
        let change: @Sendable (inout Content) -> Void
        var testDescription: String { name }
    }

    static let judgements = [
        Judgement(name: "a name", reason: nil) { $0.alternatives = "DNS:localhost" },
        Judgement(name: "one name of several", reason: nil) { $0.alternatives = "DNS:a.example,DNS:LOCALHOST" },
        Judgement(name: "an address", host: "127.0.0.1", reason: nil) { $0.alternatives = "IP:127.0.0.1" },
        Judgement(name: "another name", reason: "hostname mismatch") { $0.alternatives = "DNS:elsewhere.example" },
        Judgement(name: "a part of the name", reason: "hostname mismatch") { $0.alternatives = "DNS:*host,DNS:local*" },
        Judgement(name: "everything", reason: "hostname mismatch") { $0.alternatives = "DNS:*" },
        Judgement(name: "the common name", reason: "hostname mismatch") { $0.alternatives = "DNS:a.example" },
        Judgement(name: "the common name alone", reason: "hostname mismatch") { $0.alternatives = "" },
        Judgement(name: "another address", host: "127.0.0.1", reason: "IP address mismatch") {
            $0.alternatives = "IP:127.0.0.2"
        },
        Judgement(name: "an address as a name", host: "127.0.0.1", reason: "IP address mismatch") {
            $0.alternatives = "DNS:127.0.0.1"
        },
        Judgement(name: "expired", reason: "certificate has expired") { $0.validity = -7_200 ... -3_600 },
        Judgement(name: "not yet valid", reason: "certificate is not yet valid") { $0.validity = 3_600...7_200 },
        Judgement(name: "of an unknown issuer", reason: "unable to get local issuer certificate", isForeign: true) {
            $0.name = "localhost"
        },
    ]

    /// What the whole process takes for the roots of the system; set once, before the first look at them.
    static let roots: ClientTestFolder? = {
        guard let folder = try? ClientTestFolder(), folder.write(authority.pem, to: "roots") else { return nil }
        unsafe setenv("SSL_CERT_FILE", folder.path("roots"), 1)
        atexit { `HTTP client under TLS`.roots?.remove() }
        return folder
    }()

    @Test(arguments: judgements)
    func `judges a certificate by the roots of the system`(judgement: Judgement) throws {
        try #require(Self.roots != nil)
        var content = Content()
        judgement.change(&content)
        let certificate = TestCertificate(
            .curve("P-256"), content, issuer: judgement.isForeign ? Self.stranger : Self.authority)
        let server = try TLSTestServer(TLSServerContext(certificate), answering: Self.answer)
        let url = "https://\(judgement.host):\(server.port)/"
        if let reason = judgement.reason {
            #expect(throws: ClientError.untrusted(reason: reason)) { try Client().get(url) }
            #expect(server.outcome().text.isEmpty)
        } else {
            #expect(try Client().get(url).status == 200)
        }
    }

    @Test func `needs a certificate to trust`() {
        let client = Client(trust: .exactly(certificatePEM: Array("nothing".utf8)))
        #expect(throws: ClientError.unusableTrust(.noCertificate)) { try client.get("https://127.0.0.1:1/") }
    }

    @Test func `reads to a close that is announced, and believes no other`() throws {
        let certificate = TestCertificate()
        let context = try TLSServerContext(certificate)
        let whole = try TLSTestServer(context, answering: "HTTP/1.1 200 OK\r\n\r\nall of it")
        let url = "https://127.0.0.1:\(whole.port)/"
        #expect(try Self.client(certificate).get(url).body == Array("all of it".utf8))
        let cut = try TLSTestServer(context, answering: "HTTP/1.1 200 OK\r\n\r\nall of", .cut)
        #expect(throws: ClientError.disconnected) {
            try Self.client(certificate).get("https://127.0.0.1:\(cut.port)/")
        }
        let framed = try TLSTestServer(context, answering: Self.answer, .cut)
        #expect(try Self.client(certificate).get("https://127.0.0.1:\(framed.port)/").body == Array("{}".utf8))
    }

    @Test func `reads answers of many records`() throws {
        let certificate = TestCertificate()
        let body = String(repeating: "0123456789abcdef", count: 16_000)
        let server = try TLSTestServer(
            TLSServerContext(certificate), answering: "HTTP/1.1 200 OK\r\nContent-Length: 256000\r\n\r\n\(body)", .hold)
        #expect(
            try Self.client(certificate).get("https://127.0.0.1:\(server.port)/").body == Array(body.utf8))
    }

    @Test(arguments: [TLSTestServer.Manner.deaf, .hold])
    func `gives up on a server that falls silent`(manner: TLSTestServer.Manner) throws {
        let certificate = TestCertificate()
        let server = try TLSTestServer(TLSServerContext(certificate), answering: "HTTP/1.1 200 OK\r\n", manner)
        #expect(throws: ClientError.timedOut) {
            try Self.client(certificate, timeout: .milliseconds(300)).get("https://127.0.0.1:\(server.port)/")
        }
    }

    @Test func `says when a handshake is cut off`() throws {
        let certificate = TestCertificate()
        let server = try TLSTestServer(TLSServerContext(certificate), answering: Self.answer, .cutHandshake)
        #expect(throws: ClientError.disconnected) {
            try Self.client(certificate).get("https://127.0.0.1:\(server.port)/")
        }
    }

    @Test func `says when the server does not speak TLS`() throws {
        let server = try TLSTestServer(
            TLSServerContext(TestCertificate()), answering: "HTTP/1.1 400 Bad Request\r\n\r\n", .clearText)
        #expect(throws: ClientError.tlsFailed(reason: "wrong version number")) {
            try Client().get("https://127.0.0.1:\(server.port)/")
        }
    }

    @Test func `goes through a socket file, with TLS and without`() throws {
        let folder = try ClientTestFolder()
        let certificate = TestCertificate()
        let server = try TLSTestServer(
            TLSServerContext(certificate), answering: Self.answer, socketFile: folder.path("s"))
        let route = ClientRoute.unix(path: folder.path("s"))
        #expect(try Self.client(certificate).get("https://localhost/", through: route).status == 200)
        #expect(server.outcome().text.hasPrefix("GET / HTTP/1.1\r\nHost: localhost\r\n"))
        #expect(throws: ClientError.unreachable(code: ENOENT)) {
            try Client().get("http://localhost/", through: .unix(path: folder.path("none")))
        }
        #expect(throws: ClientError.unreachable(code: ENAMETOOLONG)) {
            try Client().get("http://a/", through: .unix(path: "/" + String(repeating: "a", count: 107)))
        }
    }
}

/// A folder for socket files, whose paths have to be short, which goes with its owner.
final class ClientTestFolder: Sendable {
    private let folder: String

    init() throws {
        var template = Array("/tmp/lanyard-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw ClientTestServer.Failure(code: errno) }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { remove() }

    func remove() {
        unsafe unlink(path("s"))
        unsafe unlink(path("roots"))
        unsafe rmdir(folder)
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func write(_ bytes: [UInt8], to name: String) -> Bool {
        guard let file = unsafe fopen(path(name), "w") else { return false }
        defer { unsafe fclose(file) }
        return unsafe fwrite(bytes, 1, bytes.count, file) == bytes.count
    }
}

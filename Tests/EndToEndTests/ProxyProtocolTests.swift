// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// Connections that begin with a PROXY header, written here and by the proxies of others.
@Suite(.server("--dev", settings: proxyProtocolSettings))
struct `The PROXY protocol` {
    let server: RunningLanyard

    init() throws {
        server = try .shared()
    }

    private static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]

    struct Header: CustomTestStringConvertible, Sendable {
        let name: String, bytes: [UInt8], client: String, network: String?
        var testDescription: String { name }
    }

    static let headers = [
        Header(
            name: "version 1", bytes: Array("PROXY TCP4 203.0.113.7 127.0.0.1 4711 8080\r\n".utf8),
            client: "203.0.113.7", network: "203.0.113.0/24"),
        Header(
            name: "version 1, IPv6", bytes: Array("PROXY TCP6 2001:db8:1:2::3 ::1 4711 8080\r\n".utf8),
            client: "2001:db8:1:2::3", network: "2001:db8:1::/48"),
        Header(
            name: "version 1, unknown", bytes: Array("PROXY UNKNOWN\r\n".utf8), client: "127.0.0.1",
            network: "127.0.0.0/24"),
        Header(
            name: "version 2",
            bytes: signature + [0x21, 0x11, 0, 12, 203, 0, 113, 7, 127, 0, 0, 1, 0x12, 0x67, 0x1F, 0x90],
            client: "203.0.113.7", network: "203.0.113.0/24"),
        Header(
            name: "version 2, a socket file",
            bytes: signature + [0x21, 0x31, 0, 216] + [UInt8](repeating: 0, count: 216),
            client: "unix", network: nil),
        Header(
            name: "version 2, local", bytes: signature + [0x20, 0x00, 0, 0], client: "127.0.0.1",
            network: "127.0.0.0/24"),
    ]

    @Test(arguments: headers)
    func `tells who asks, for every request of the connection`(header: Header) throws {
        let connection = try RawConnection(port: server.port)
        try connection.send(header.bytes)
        for _ in 1...2 {
            let login = try connection.logInAlice()
            #expect(try server.client(of: login) == header.client)
            #expect(try server.network(of: login) == header.network)
        }
    }

    @Test func `may come in pieces, and together with the first request`() throws {
        for header in Self.headers {
            let slow = try RawConnection(port: server.port)
            for byte in header.bytes { try slow.send([byte]) }
            try slow.send(Self.question)
            #expect(try slow.reply().status == 200)
            let quick = try RawConnection(port: server.port)
            try quick.send(header.bytes + Array((Self.question + Self.question).utf8))
            #expect(try quick.reply().status == 200)
            #expect(try quick.reply().status == 200)
        }
    }

    @Test(arguments: [
        question, "\r\n" + question, "PROXY TCP4 203.0.113.7\r\n" + question,
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 1\n" + question,
        "proxy tcp4 1.2.3.4 1.2.3.4 1 1\r\n" + question,
    ])
    func `is required of trusted proxies: the connection is closed without a word`(text: String) throws {
        let connection = try RawConnection(port: server.port)
        try connection.send(text)
        #expect(try connection.bytesUntilClosed().isEmpty)
    }

    @Test func `is waited for no longer than the setting says`() throws {
        let server = try RunningLanyard(
            settings: proxyProtocolSettings.merging(["LANYARD_HTTP_HANDSHAKE_TIMEOUT": "1s"]) { $1 })
        for beginning in ["", "PROXY TCP4 203.0.113.7"] {
            let connection = try RawConnection(port: server.port)
            if !beginning.isEmpty { try connection.send(beginning) }
            // Long before any other deadline, of which the shortest is 10 s.
            #expect(try connection.bytesUntilClosed(by: .after(.seconds(8))).isEmpty)
        }
    }

    @Test func `is required of socket files as well`() throws {
        let folder = try TemporaryFolder()
        let file = folder.path(of: "s")
        let server = try RunningLanyard(
            ["--dev"], settings: proxyProtocolSettings, in: folder, listen: "127.0.0.1:0,unix:\(file)")
        let bare = try RawConnection(path: file)
        try bare.send(Self.question)
        #expect(try bare.bytesUntilClosed().isEmpty)
        let connection = try RawConnection(path: file)
        try connection.send(Self.headers[0].bytes)
        #expect(try server.client(of: connection.logInAlice()) == "203.0.113.7")
    }

    @Test func `is nothing to others: they are answered without it, and refused with it`() throws {
        let stranger = try RawConnection(port: server.port, from: .loopback(port: 0, host: 2))
        #expect(try server.client(of: stranger.logInAlice()) == "127.0.0.2")
        for header in Self.headers {
            let impostor = try RawConnection(port: server.port, from: .loopback(port: 0, host: 2))
            try impostor.send(header.bytes + Array(Self.question.utf8))
            #expect(try impostor.reply().status == 400)
        }
    }

    @Test func `is not spoken on the management listener`() throws {
        #expect(try server.get("/readyz", from: .management).status == 200)
    }

    @Test func `names a client whose own X-Forwarded-For nobody believes`() throws {
        let connection = try RawConnection(port: server.port)
        try connection.send(Self.headers[0].bytes)
        let login = try connection.logInAlice(fields: ["X-Forwarded-For: 198.51.100.1"])
        #expect(try server.client(of: login) == "203.0.113.7")
        #expect(
            try server.logLines(of: "forwarded_ignored").map { try $0.string("peer_ip") } == [],
            "no setting would make it believable")
    }

    @Test(
        .enabled(if: Proxies.haproxy != nil, "haproxy is installed (Debian: haproxy)"),
        arguments: [
            "send-proxy", "send-proxy-v2", "send-proxy-v2 proxy-v2-options crc32c",
            "send-proxy-v2 proxy-v2-options ssl,cert-cn,ssl-cipher,crc32c,authority,unique-id",
        ])
    func `is read as haproxy writes it`(options: String) throws {
        let folder = try TemporaryFolder()
        let front = try ListeningSocket()
        let haproxy = try Proxies.startHAProxy(options, to: "127.0.0.1:\(server.port)", at: front, in: folder)
        defer { haproxy.send(SIGKILL) }
        let client = try RawConnection(port: front.port, from: .loopback(port: 0, host: 9))
        let login = try client.logInAlice()
        #expect(login.status == 200, "\(haproxy.standardError.text)")
        #expect(try server.client(of: login) == "127.0.0.9")
    }

    @Test(.enabled(if: Proxies.haproxy != nil, "haproxy is installed (Debian: haproxy)"))
    func `is read of haproxy's own checks, on a socket file`() throws {
        let folder = try TemporaryFolder()
        let file = folder.path(of: "s")
        let server = try RunningLanyard(
            ["--dev"], settings: proxyProtocolSettings, in: folder, listen: "127.0.0.1:0,unix:\(file)")
        let front = try ListeningSocket()
        // A server that fails its first check is not asked: an answer means that the check was answered.
        let haproxy = try Proxies.startHAProxy(
            "send-proxy-v2 check check-send-proxy inter 100ms fall 1 rise 1", to: "unix@\(file)", at: front, in: folder)
        defer { haproxy.send(SIGKILL) }
        let client = try RawConnection(port: front.port, from: .loopback(port: 0, host: 9))
        let login = try client.logInAlice()
        #expect(login.status == 200, "\(haproxy.standardError.text)")
        #expect(try server.client(of: login) == "127.0.0.9")
    }

    @Test(
        .enabled(
            if: Proxies.haproxy != nil && Peers.hasShellTools,
            "haproxy, curl and openssl are installed (Debian: haproxy, curl, openssl)"))
    func `comes before TLS`() throws {
        let folder = try TemporaryFolder()
        let made = try Lanyard.run(
            ChildProcess.Invocation(
                executable: "/usr/bin/openssl",
                arguments: [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out",
                    "certificate.pem",
                ], environment: Lanyard.environment, folder: folder.path))
        #expect(made.ending == .exit(0), "\(made.standardError)")
        let settings = proxyProtocolSettings.merging([
            "LANYARD_HTTP_TLS_CERTIFICATE": "certificate.pem", "LANYARD_HTTP_TLS_KEY": "key.pem",
        ]) { $1 }
        let server = try ChildProcess(
            Lanyard.invocation(["serve", "--dev", "--listen", "127.0.0.1:0"], settings: settings, in: folder))
        defer { server.send(SIGKILL) }
        let address = "lanyard: listening on https://127.0.0.1:"
        let lines = server.standardOutput.lines(by: .usual) { $0.contains { $0.hasPrefix(address) } } ?? []
        let port = try #require(lines.first { $0.hasPrefix(address) }?.dropFirst(address.count))
        let front = try ListeningSocket()
        let haproxy = try Proxies.startHAProxy("send-proxy-v2", to: "127.0.0.1:\(port)", at: front, in: folder)
        defer { haproxy.send(SIGKILL) }

        let login = try Lanyard.run(
            ChildProcess.Invocation(
                executable: "/usr/bin/curl",
                arguments: [
                    "--silent", "--show-error", "--max-time", "60", "--interface", "127.0.0.9", "--cacert",
                    "certificate.pem", "--resolve", "localhost:\(front.port):127.0.0.1", "--data", "username=alice",
                    "--data-urlencode", "password=\(RunningLanyard.alicesPassword)", "--header",
                    "Accept: application/jwt", "https://localhost:\(front.port)/login",
                ], environment: Lanyard.environment, folder: folder.path))
        #expect(try AccessToken(login.standardOutput).claims.string("preferred_username") == "alice")
        let events = server.standardError.lines(by: .usual) { $0.contains { $0.contains("\"event\":\"login\"") } }
        let event = try #require(events?.first { $0.contains("\"event\":\"login\"") })
        #expect(try JSONObject(event).string("client_ip") == "127.0.0.9")
    }

    @Test(
        .enabled(
            if: Proxies.nginx != nil && Proxies.nginxStreamModule != nil,
            "nginx is installed with its stream module (Debian: nginx, libnginx-mod-stream)"))
    func `is read as nginx writes it`() throws {
        let folder = try TemporaryFolder()
        let front = try ListeningSocket()
        let nginx = try Proxies.startNginx(
            """
            stream {
                server {
                    listen 127.0.0.1:\(front.port);
                    proxy_pass 127.0.0.1:\(server.port);
                    proxy_protocol on;
                }
            }
            """, at: front, in: folder)
        defer {
            nginx.send(SIGTERM)
            _ = try? nginx.waitForEnd()
        }
        let client = try RawConnection(port: front.port, from: .loopback(port: 0, host: 9))
        let login = try client.logInAlice()
        #expect(login.status == 200, "\(nginx.standardError.text)")
        #expect(try server.client(of: login) == "127.0.0.9")
    }

    private static let question = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
}

/// The peer 127.0.0.1 is a proxy; every other address of this machine is not.
private let proxyProtocolSettings = [
    "LANYARD_HTTP_TRUSTED_PROXIES": "127.0.0.1/32", "LANYARD_HTTP_PROXY_PROTOCOL": "true", "LANYARD_LOG_FORMAT": "json",
]

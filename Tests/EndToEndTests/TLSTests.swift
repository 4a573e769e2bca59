// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

@Suite struct `Under TLS` {
    static let demand = "strict-transport-security: max-age=63072000"

    let files: TLSFiles
    let server: RunningLanyard

    init() throws {
        let folder = try TemporaryFolder()
        files = try TLSFiles(in: folder)
        server = try RunningLanyard(settings: files.settings, in: folder)
    }

    /// The address by the name that the certificate has.
    private var url: String { "https://localhost:\(server.port)" }

    /// Runs `lanyard` with other settings than the server's.
    private func lanyard(_ arguments: [String], _ settings: [String: String] = [:]) throws -> Lanyard.Output {
        try server.run(arguments, settings: settings)
    }

    @Test func `both listeners say so and answer`() throws {
        #expect(server.readyLines.contains("lanyard: listening on https://127.0.0.1:\(server.port)"))
        #expect(server.readyLines.contains("lanyard: management on https://127.0.0.1:\(server.managementPort)"))
        for port in [server.port, server.managementPort] {
            let reply = try files.curl("--include", "https://127.0.0.1:\(port)/livez").standardOutput.lowercased()
            #expect(reply.hasPrefix("http/1.1 200 ok\r\n"))
            #expect(reply.contains("\r\n\(Self.demand)\r\n"))
        }
        let stranger = try files.run("/usr/bin/curl", ["--silent", "\(url)/livez"], mayFail: true)
        #expect(stranger.ending == .exit(60), "curl says that it does not know the issuer")
    }

    @Test func `a user logs in and refreshes, and the token is verified`() throws {
        let password = "a password for the test"
        let added = try server.run(["account", "add", "bob", "--password-stdin"], input: password + "\n")
        #expect(added.ending == .exit(0), "\(added.standardError)")
        let login = try files.curl(
            "--fail-with-body", "\(url)/login", "--data", "username=bob", "--data-urlencode", "password=\(password)")
        let tokens = try JSONObject(Array(login.standardOutput.utf8))
        let refresh = try files.curl(
            "--fail-with-body", "\(url)/refresh", "--data", "refresh_token=\(try tokens.string("refresh_token"))")
        let token = try JSONObject(Array(refresh.standardOutput.utf8)).string("access_token")
        #expect(try AccessToken(token).claims.string("iss") == "https://127.0.0.1:\(server.port)")

        let question = ["token", "verify", token, "--issuer", "https://127.0.0.1:\(server.port)"]
        let known = try lanyard(question, ["SSL_CERT_FILE": files.folder.path(of: "root.pem")])
        #expect(known.ending == .exit(0), "\(known.standardError)")
        #expect(known.standardOutput.contains(#""preferred_username":"bob""#))
        let unknown = try lanyard(question, ["SSL_CERT_FILE": "/dev/null"])
        #expect(unknown.ending == .exit(69))
        #expect(
            unknown.standardError.contains("its certificate is not trusted: unable to get local issuer certificate"))
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func `openssl is content`(version: String) throws {
        let output = try files.openssl(
            "s_client -connect 127.0.0.1:\(server.port) -CAfile root.pem -verify_return_error -verify_hostname localhost "
                + "-alpn h2,http/1.1 \(version)")
        #expect(output.standardOutput.contains("Verification: OK"))
        #expect(output.standardOutput.contains("ALPN protocol: http/1.1"))
        #expect(output.standardOutput.contains("Server Temp Key: X25519"))
        #expect(output.standardOutput.contains("No client certificate CA names sent"))
    }

    @Test(arguments: [
        ("-tls1 -cipher DEFAULT@SECLEVEL=0", "alert protocol version"),
        ("-tls1_1 -cipher DEFAULT@SECLEVEL=0", "alert protocol version"),
        ("-tls1_2 -cipher AES128-SHA", "alert handshake failure"),
        ("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA", "alert handshake failure"),
        ("-alpn h2", "alert no application protocol"),
    ])
    func `openssl is refused what is old`(arguments: String, alert: String) throws {
        let output = try files.openssl("s_client -connect 127.0.0.1:\(server.port) \(arguments)", mayFail: true)
        #expect(output.ending != .exit(0))
        #expect(output.standardError.contains(alert))
        #expect(output.standardOutput.contains("Cipher is (NONE)"))
        // What stays is a server that answers the next.
        #expect(try files.curl("\(url)/livez").ending == .exit(0))
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sslscan"), "sslscan is installed"))
    func `sslscan finds nothing weak`() throws {
        let scan = try files.run("/usr/bin/sslscan", ["--no-colour", "127.0.0.1:\(server.port)"])
        let lines = scan.standardOutput.split(separator: "\n").map(String.init)
        let suites = lines.filter { $0.hasPrefix("Accepted") || $0.hasPrefix("Preferred") }
            .map { $0.split(separator: " ") }
        #expect(
            Set(suites.map { "\($0[1]) \($0[4])" }) == [
                "TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256", "TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384",
                "TLSv1.2 ECDHE-ECDSA-CHACHA20-POLY1305", "TLSv1.3 TLS_AES_128_GCM_SHA256",
                "TLSv1.3 TLS_AES_256_GCM_SHA384", "TLSv1.3 TLS_CHACHA20_POLY1305_SHA256",
            ])
        for version in ["SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1"] {
            #expect(lines.contains { $0.hasPrefix(version) && $0.hasSuffix("disabled") }, "\(version)")
        }
        #expect(scan.standardOutput.contains("Session renegotiation not supported"))
        let groups = lines.filter { $0.hasPrefix("TLSv1.") && $0.contains(" bits ") }.map {
            $0.split(separator: " ")[3]
        }
        #expect(Set(groups) == ["x25519", "secp256r1", "secp384r1"])
    }

    @Test func `who speaks without it is told so, and nothing more`() throws {
        let connection = try RawConnection(port: server.port)
        try connection.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let reply = try connection.reply()
        #expect(reply.status == 400)
        #expect(reply["strict-transport-security"] == nil)
        #expect(try connection.bytesUntilClosed().isEmpty)
    }

    @Test func `a reload serves new connections with a new pair, and keeps the old ones`() throws {
        try files.issue("next")
        let output = try peer("reload", "server", "next")
        #expect(output.standardOutput == "the first connection goes on\nthe next has the new certificate\n")

        try files.issue("other")
        try files.replace("server.key", with: "other.key")
        server.process.send(SIGHUP)
        let lines = server.process.standardError.lines(by: .usual) { $0.contains { $0.contains("reload_refused") } }
        let refusal = try #require(lines?.first { $0.contains("reload_refused") })
        #expect(refusal.contains("LANYARD_HTTP_TLS_KEY"))
        #expect(try files.curl("\(url)/livez").ending == .exit(0), "the pair before is served")
    }

    @Test func `health asks for the very certificate`() throws {
        var settings = files.settings
        settings["LANYARD_HTTP_LISTEN"] = "127.0.0.1:\(server.port)"
        #expect(try lanyard(["health"], settings).standardOutput == "ready\n")
        let byRoot = ["SSL_CERT_FILE": files.folder.path(of: "root.pem")]
        #expect(try lanyard(["health", "--url", url], byRoot).standardOutput == "ready\n")
    }

    @Test func `a pair that does not fit is refused`() throws {
        try files.issue("other")
        var settings = files.settings
        settings["LANYARD_HTTP_TLS_KEY"] = "other.key"
        let output = try lanyard(["serve", "--listen", "127.0.0.1:0"], settings)
        try expectRefusal(output, 78)
        #expect(output.standardError.contains("LANYARD_HTTP_TLS_KEY"))
    }

    @Test func `the server ends cleanly, and says goodbye`() throws {
        let output = try peer("goodbye")
        #expect(output.standardOutput == "the server said goodbye\n")
        #expect(try server.process.waitForEnd() == .exit(0))
    }

    /// Lets Python look at the server.
    private func peer(_ task: String, _ arguments: String...) throws -> Lanyard.Output {
        try files.run(
            "/usr/bin/env",
            ["python3", Peers.folder + "/tls_peer.py", task, "\(server.port)", "\(server.process.processID)"]
                + arguments)
    }
}

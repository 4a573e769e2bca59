// SPDX-License-Identifier: Apache-2.0

import Foundation
import LanyardBase
import LanyardHTTP
import LanyardProgram
import Logging
import TestSupport
import Testing

@Suite struct `The files of TLS` {
    static let good = TestCertificate()
    static let other = TestCertificate()
    static let small = TestCertificate(.rsa(bits: 1_024))

    struct Mistake: CustomTestStringConvertible, Sendable {
        let name: String
        var certificate = good.pem
        var key = good.keyPEM
        var mode = 0o600
        /// What the line says behind the program's name; `C` and `K` stand for the paths.
        let line: String
        var testDescription: String { name }
    }

    static let mistakes = [
        Mistake(
            name: "no certificate", certificate: good.keyPEM,
            line:
                "C, which LANYARD_HTTP_TLS_CERTIFICATE names, holds no certificate; put the server's there in PEM form, "
                + "and the chain behind it"),
        Mistake(
            name: "half a certificate", certificate: Array(good.pem.dropLast(30)),
            line:
                "C, which LANYARD_HTTP_TLS_CERTIFICATE names, holds a certificate that cannot be read; write the file "
                + "anew, in PEM form"),
        Mistake(
            name: "a certificate for a key", key: good.pem,
            line: "K, which LANYARD_HTTP_TLS_KEY names, holds no private key; put the one of the certificate there in "
                + "PEM form"),
        Mistake(
            name: "half a key", key: Array(good.keyPEM.dropLast(30)),
            line: "K, which LANYARD_HTTP_TLS_KEY names, holds a key that cannot be read; write the file anew, in PEM "
                + "form"),
        Mistake(
            name: "an empty key", key: [],
            line: "K, which LANYARD_HTTP_TLS_KEY names, is empty; put the value into it"),
        Mistake(
            name: "an encrypted key", key: good.encryptedKeyPEM,
            line: "K, which LANYARD_HTTP_TLS_KEY names, is encrypted, and nobody is there to be asked; decrypt it with "
                + "'openssl pkey -in FILE -out NEW'"),
        Mistake(
            name: "a short key", certificate: small.pem, key: small.keyPEM,
            line: "K, which LANYARD_HTTP_TLS_KEY names, holds a key of 1024 bits; use RSA from 2048 bits on, or P-256"),
        Mistake(
            name: "another key", key: other.keyPEM,
            line: "K, which LANYARD_HTTP_TLS_KEY names, holds another key than that of the first certificate in C; the "
                + "server's comes first"),
        Mistake(
            name: "a key that others can read", mode: 0o604,
            line: "K, which LANYARD_HTTP_TLS_KEY names, holds a secret and has mode 0604; run chmod 600 on it"),
        Mistake(
            name: "a key that the group can write", mode: 0o660,
            line: "K, which LANYARD_HTTP_TLS_KEY names, holds a secret and has mode 0660; run chmod 600 on it"),
    ]

    let program: Program

    init() throws { program = try Program() }

    private func write(_ certificate: [UInt8], _ key: [UInt8], mode: Int = 0o600) throws -> [String: String] {
        [
            "LANYARD_HTTP_TLS_CERTIFICATE": try program.folder.write(
                String(decoding: certificate, as: UTF8.self), to: "c.pem", mode: 0o644),
            "LANYARD_HTTP_TLS_KEY": try program.folder.write(
                String(decoding: key, as: UTF8.self), to: "k.pem", mode: mode),
        ]
    }

    @Test(arguments: mistakes)
    func `are checked by config check and at the start, and nothing is made`(mistake: Mistake) throws {
        let settings = try write(mistake.certificate, mistake.key, mode: mistake.mode)
        let line = mistake.line.replacing(/\bC\b/, with: "\(program.folder.path)/c.pem")
            .replacing(/\bK\b/, with: "\(program.folder.path)/k.pem")
        for arguments in [["config", "check"], ["serve", "--listen", "127.0.0.1:0"]] {
            let end = try program.run(arguments, environment: settings)
            #expect(end == Program.End(status: 78, output: "", errors: "lanyard: \(line)\n"))
        }
        #expect(try program.folder.names() == ["c.pem", "k.pem"])
    }

    @Test(arguments: [0o600, 0o400, 0o640, 0o440])
    func `are good when a group can read the key at most`(mode: Int) throws {
        let end = try program.run(["config", "check"], environment: write(Self.good.pem, Self.good.keyPEM, mode: mode))
        #expect(end.status == 0 && end.errors.isEmpty)
    }

    @Test func `may have any mode where systemd guards the folder`() throws {
        var settings = try write(Self.good.pem, Self.good.keyPEM, mode: 0o644)
        #expect(try program.run(["config", "check"], environment: settings).status == 78)
        settings["CREDENTIALS_DIRECTORY"] = program.folder.path
        #expect(try program.run(["config", "check"], environment: settings).status == 0)
    }

    @Test(arguments: [
        (-7_200 ... -3_600, "expired at "), (-86_400...3_600, "expires at "), (3_600...7_200, "is not valid before "),
    ])
    func `are good beyond their time, with a warning`(validity: ClosedRange<Int>, words: String) throws {
        var content = TestCertificate.Content()
        content.validity = validity
        let certificate = TestCertificate(.curve("P-256"), content)
        let end = try program.run(["config", "check"], environment: write(certificate.pem, certificate.keyPEM))
        #expect(end.status == 0)
        #expect(end.output.hasPrefix("warning: the certificate of LANYARD_HTTP_TLS_CERTIFICATE \(words)20"))
        #expect(!end.output.contains("good") && end.errors.isEmpty)
    }

    @Test func `give the listeners what they speak TLS with`() throws {
        let settings = try Settings(
            from: SettingSources(environment: write(Self.good.pem + Self.other.pem, Self.good.keyPEM)))
        #expect(try settings.tlsContext(environment: [:]) != nil)
        #expect(try Settings(from: SettingSources()).tlsContext(environment: [:]) == nil)
    }

    @Test func `are warned of in the log, at once, when they are replaced, and every day`() throws {
        let lines = `A line of the log`.Lines()
        let sink = LogSink(level: .info, format: .text, clock: SystemClock.now, output: lines.take)
        let fresh = try TLSServerContext(certificatePEM: Self.good.pem, keyPEM: Self.good.keyPEM)
        let late = fresh.notAfter
        let clock = HeldClock()
        let watch = CertificateWatch(fresh, log: sink.logger(), now: { late }, pauses: clock)
        watch.start()
        defer { watch.stop() }
        #expect(lines.texts.count == 1)
        let line = try #require(lines.texts.first)
        #expect(line.contains("expired at \(late.rfc3339)") && line.contains("certificate_expiry"))
        watch.watch(fresh)
        #expect(lines.texts.count == 2)
        for day in 1...3 {
            #expect(clock.waitForSleeper() == .seconds(86_400))
            clock.advance(by: .seconds(86_400))
            #expect(eventually { lines.texts.count == 2 + day })
        }
        watch.watch(nil)
        #expect(lines.texts.count == 5)
        let early = CertificateWatch(fresh, log: sink.logger(), now: { fresh.notBefore }, pauses: clock)
        early.start()
        early.stop()
        #expect(lines.texts.count == 5)
    }
}

@Suite struct `The health of a server` {
    let program: Program
    let healthy = ScriptedHandler { request, _ in .respond(Response(status: request.path == "/readyz" ? 200 : 404)) }
    let certificate = TestCertificate()

    init() throws { program = try Program() }

    private func context(_ certificate: TestCertificate) throws -> TLSServerContext {
        try TLSServerContext(certificatePEM: certificate.pem, keyPEM: certificate.keyPEM)
    }

    private func files() throws -> [String: String] {
        let text = String(decoding: certificate.pem, as: UTF8.self)
        let path = try program.folder.write(text, to: "c.pem")
        return ["LANYARD_HTTP_TLS_CERTIFICATE": path, "LANYARD_HTTP_TLS_KEY": "not-asked-for.pem"]
    }

    @Test func `is asked under TLS, of the one that has the certificate of the settings`() throws {
        let context = try context(certificate)
        let server = try RunningServer(healthy) { $0.tls = context }
        let port = try #require(server.addresses[0].port)
        var settings = try files()
        settings["LANYARD_HTTP_LISTEN"] = "0.0.0.0:\(port)"
        settings["LANYARD_ISSUER"] = "https://auth.example.com"
        #expect(
            try program.run(["health"], environment: settings) == Program.End(status: 0, output: "ready\n", errors: ""))

        let stranger = try self.context(TestCertificate())
        let other = try RunningServer(healthy) { $0.tls = stranger }
        settings["LANYARD_HTTP_LISTEN"] = "127.0.0.1:\(try #require(other.addresses[0].port))"
        let end = try program.run(["health"], environment: settings)
        #expect(end.status == 1)
        #expect(end.errors.contains("shows another certificate than LANYARD_HTTP_TLS_CERTIFICATE names"))
    }

    @Test func `is asked over a socket file, with TLS and without`() throws {
        let path = program.folder.path + "/s"
        let settings = ["LANYARD_HTTP_LISTEN": "unix:\(path)", "LANYARD_ISSUER": "https://auth.example.com"]
        do {
            let server = try RunningServer(healthy, at: ["unix:\(path)"])
            #expect(try program.run(["health"], environment: settings).status == 0)
            withExtendedLifetime(server) {}
        }
        let context = try context(certificate)
        let server = try RunningServer(healthy, at: ["unix:\(path)2"]) { $0.tls = context }
        let secure = try settings.merging(files()) { $1 }.merging(["LANYARD_HTTP_LISTEN": "unix:\(path)2"]) { $1 }
        #expect(try program.run(["health"], environment: secure).status == 0)
        withExtendedLifetime(server) {}
    }

    @Test func `is asked of a URL by the roots of the system`() throws {
        let context = try context(certificate)
        let server = try RunningServer(healthy) { $0.tls = context }
        let url = server.addresses[0].url(scheme: "https")
        let end = try program.run(["health", "--url", url])
        #expect(end.status == 1)
        #expect(
            end.errors == "lanyard: not ready: cannot get \(url)/readyz: its certificate is not trusted: "
                + "self-signed certificate\n")
        let root = try program.folder.write(String(decoding: certificate.pem, as: UTF8.self), to: "root.pem")
        #expect(try program.run(["health", "--url", url], environment: ["SSL_CERT_FILE": root]).status == 0)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import LanyardProgram
import Testing

@Suite struct `The program` {
    struct Refusal: CustomTestStringConvertible, Sendable {
        let arguments: [String], status: Int32, line: String
        var environment: [String: String] = [:]
        var testDescription: String { "lanyard " + arguments.joined(separator: " ") }
    }

    static let refusals = [
        Refusal(arguments: [], status: 64, line: "no command is given; see 'lanyard --help'"),
        Refusal(arguments: ["config"], status: 64, line: "no command is given; see 'lanyard config --help'"),
        Refusal(arguments: ["token"], status: 64, line: "no command is given; see 'lanyard token --help'"),
        Refusal(arguments: ["session"], status: 64, line: "no command is given; see 'lanyard session --help'"),
        Refusal(
            arguments: ["session", "revoke"], status: 64,
            line: "give either a session's id, or --account NAME, or --all; see 'lanyard --help'"),
        Refusal(
            arguments: ["account", "role", "bob"], status: 64,
            line: "give --add ROLE or --remove ROLE; see 'lanyard --help'"),
        Refusal(arguments: ["frobnicate"], status: 64, line: "Unexpected argument 'frobnicate'; see 'lanyard --help'"),
        Refusal(
            arguments: ["config", "check", "--frobnicate"], status: 64,
            line: "Unknown option '--frobnicate'; see 'lanyard --help'"),
        Refusal(
            arguments: ["config", "check", "--config"], status: 64,
            line: "Missing value for '--config <file>'; see 'lanyard --help'"),
        Refusal(
            arguments: ["token", "decode"], status: 64,
            line: "Missing expected argument '<token>'; see 'lanyard --help'"),
        Refusal(
            arguments: ["config", "check", "--config", "none.env"], status: 78,
            line: "cannot read none.env, which --config names: there is no such file"),
        Refusal(
            arguments: ["config", "print"], status: 78,
            line: "cannot read none.env, which LANYARD_CONFIG names: there is no such file",
            environment: ["LANYARD_CONFIG": "none.env"]),
        Refusal(
            arguments: ["config", "check"], status: 78,
            line:
                "LANYARD_STATUS_TTL=4s (environment) is not allowed; use a duration from 5s to 1h: one number and one "
                + "unit, s, m, h or d",
            environment: ["LANYARD_STATUS_TTL": "4s"]),
        Refusal(
            arguments: ["config", "check"], status: 78,
            line: "cannot read c.pem, which LANYARD_HTTP_TLS_CERTIFICATE names: there is no such file",
            environment: ["LANYARD_HTTP_TLS_CERTIFICATE": "c.pem", "LANYARD_HTTP_TLS_KEY": "k.pem"]),
        Refusal(
            arguments: ["token", "decode", "a\nb"], status: 65,
            line: "this is not a token: it is not three parts with dots between them"),
        Refusal(
            arguments: ["token", "verify", "x"], status: 64,
            line: "give either --issuer URL or --jwks FILE; see 'lanyard help token verify'"),
        Refusal(
            arguments: ["token", "verify", "x", "--jwks", "f", "--issuer", "http://h"], status: 64,
            line: "give either --issuer URL or --jwks FILE; see 'lanyard help token verify'"),
        Refusal(
            arguments: ["token", "verify", "x", "--issuer", "h"], status: 64,
            line: "--issuer h is not allowed; use an http or https URL without user, query, fragment and final slash"),
        Refusal(
            arguments: ["token", "verify", "x", "--jwks", "f"], status: 1,
            line: "the token is not valid: it is not three parts with dots between them"),
        Refusal(arguments: ["health", "--url", "h"], status: 64, line: "cannot ask h; give --url http://HOST:PORT"),
        Refusal(
            arguments: ["health"], status: 64,
            line: "the first listener has no port that is known beforehand; give --url URL",
            environment: ["LANYARD_HTTP_LISTEN": "127.0.0.1:0"]),
    ]

    @Test(arguments: refusals)
    func `fails with its status and one line on standard error`(refusal: Refusal) throws {
        let end = try Program().run(refusal.arguments, environment: refusal.environment)
        #expect(end == Program.End(status: refusal.status, output: "", errors: "lanyard: \(refusal.line)\n"))
    }

    @Test(arguments: [
        ["--version"], ["--help"], ["help", "token", "verify"], ["config", "--help"], ["health", "-h"],
        ["help", "session", "revoke"], ["account", "role", "--help"],
    ])
    func `tells what it is and can on standard output`(arguments: [String]) throws {
        let end = try Program().run(arguments)
        #expect(end.status == 0 && end.errors.isEmpty)
        #expect(end.output.contains(arguments == ["--version"] ? Version.current : "USAGE: lanyard"))
        #expect(end.output.hasSuffix("\n") && !end.output.hasSuffix("\n\n"))
    }

    @Test func `reads the usual settings file, and prints one that gives the same`() throws {
        let program = try Program()
        try FileManager.default.createDirectory(
            atPath: program.folder.path + "/Config", withIntermediateDirectories: false)
        _ = try program.folder.write("LANYARD_STATUS_TTL=7s\n", to: "Config/lanyard.env")
        let first = try program.run(
            ["config", "print"], environment: ["LANYARD_LOG_LEVEL": "debug", "LANYARD_PORT": "tcp://x"])
        #expect(first.status == 0 && first.errors.isEmpty)
        #expect(first.output.contains("# source: file ./Config/lanyard.env\nLANYARD_STATUS_TTL=7s\n"))
        #expect(first.output.contains("# source: environment\nLANYARD_LOG_LEVEL=debug\n"))
        _ = try program.folder.write(first.output, to: "printed.env")
        let second = try program.run(["config", "print", "--config", "printed.env"])
        func values(_ text: String) -> [Substring] { text.split(separator: "\n").filter { !$0.hasPrefix("#") } }
        #expect(values(second.output) == values(first.output))
        #expect(try program.run(["config", "check", "--config", "printed.env"]).status == 0)
        #expect(try program.folder.names() == ["Config", "printed.env"])
    }

    @Test func `checks secret files, and prints without them`() throws {
        let program = try Program()
        let environment = ["LANYARD_KEYS_MASTER_FILE": "key"]
        #expect(try program.run(["config", "check"], environment: environment).status == 78)
        #expect(try program.run(["config", "print"], environment: environment).status == 0)
        _ = try program.folder.write("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n", to: "key", mode: 0o644)
        #expect(try program.run(["config", "check"], environment: environment).status == 78)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: program.folder.path + "/key")
        #expect(try program.run(["config", "check"], environment: environment).status == 0)
    }

    @Test func `checks the master key beside the store`() throws {
        let program = try Program()
        try FileManager.default.createDirectory(
            atPath: program.folder.path + "/data", withIntermediateDirectories: false)
        _ = try program.folder.write("garbage", to: "data/master.key")
        let end = try program.run(["config", "check"])
        #expect(end.status == 78)
        #expect(end.errors.hasPrefix("lanyard: data/master.key does not hold a master key; restore it from a backup"))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct `The settings` {
    struct Mistake: CustomTestStringConvertible, Sendable {
        let name: String
        let value: String
        /// What the line must name besides the setting.
        var hint = ""

        init(_ name: String, _ value: String, hint: String = "") {
            (self.name, self.value, self.hint) = (name, value, hint)
        }

        var testDescription: String { "\(name)=\(value)" }
    }

    static let mistakes = [
        Mistake("LANYARD_HTTP_LISTEN", "nonsense"),
        Mistake("LANYARD_HTTP_LISTEN", "127.0.0.1:65536"),
        Mistake("LANYARD_HTTP_LISTEN", "127.0.0.1"),
        Mistake("LANYARD_HTTP_MAX_CONNECTIONS", "0"),
        Mistake("LANYARD_HTTP_MAX_CONNECTIONS", "+5"),
        Mistake("LANYARD_HTTP_MAX_CONNECTIONS", "1e3"),
        Mistake("LANYARD_HTTP_IDLE_TIMEOUT", "2h"),
        Mistake("LANYARD_HTTP_IDLE_TIMEOUT", "1 m"),
        Mistake("LANYARD_HTTP_DRAIN_TIMEOUT", "-1s"),
        Mistake("LANYARD_HTTP_TLS_CERTIFICATE", "missing.pem"),
        Mistake("LANYARD_HTTP_ALLOWED_ORIGINS", "null"),
        Mistake("LANYARD_HTTP_ALLOWED_ORIGINS", "*"),
        Mistake("LANYARD_HTTP_ALLOWED_ORIGINS", "https://app.example/"),
        Mistake("LANYARD_HTTP_TRUSTED_PROXIES", "10.0.0.0/33"),
        Mistake("LANYARD_HTTP_PROXY_PROTOCOL", "true"),
        Mistake("LANYARD_ISSUER", "localhost"),
        Mistake("LANYARD_ISSUER", "https://auth.example?x=1"),
        Mistake("LANYARD_STORE_URL", "mysql://localhost/lanyard"),
        Mistake("LANYARD_KEYS_MASTER", "secret"),
        Mistake("LANYARD_KEYS_ALGORITHM", "HS256"),
        Mistake("LANYARD_KEYS_ALGORITHM", "rs256"),
        Mistake("LANYARD_KEYS_RSA_BITS", "1024"),
        Mistake("LANYARD_KEYS_RSA_BITS", "2049"),
        Mistake("LANYARD_KEYS_ROTATE_EVERY", "1h"),
        Mistake("LANYARD_TOKENS_ACCESS_LIFETIME", "15"),
        Mistake("LANYARD_TOKENS_ACCESS_LIFETIME", "29s"),
        Mistake("LANYARD_TOKENS_ACCESS_LIFETIME", "25h"),
        Mistake("LANYARD_TOKENS_ACCESS_LIFETIME", "15min"),
        Mistake("LANYARD_TOKENS_ACCESS_LIFETIME", "99999999999999999999d"),
        Mistake("LANYARD_TOKENS_TYPE", "jwt"),
        Mistake("LANYARD_SESSIONS_REFRESH_GRACE", "61s"),
        Mistake("LANYARD_SESSIONS_IDLE_LIFETIME", "31d"),
        Mistake("LANYARD_SESSIONS_COOKIE_SAME_SITE", "None"),
        Mistake("LANYARD_PASSWORDS_MEMORY", "19"),
        Mistake("LANYARD_PASSWORDS_MEMORY", "19MB"),
        Mistake("LANYARD_PASSWORDS_MIN_LENGTH", "7"),
        Mistake("LANYARD_PASSWORDS_MAX_LENGTH", "1025"),
        Mistake("LANYARD_STATUS_ENABLED", "yes"),
        Mistake("LANYARD_LOG_LEVEL", "loud"),
        Mistake("LANYARD_LOG_FORMAT", "xml"),
        Mistake("LANYARD_TOKENS_ACESS_LIFETIME", "15m", hint: "LANYARD_TOKENS_ACCESS_LIFETIME"),
        Mistake("LANYARD_PASSWORD_MEMORY", "19MiB", hint: "LANYARD_PASSWORDS_MEMORY"),
        Mistake("LANYARD_", "x"),
        Mistake("LANYARD_NONSENSE", "x"),
    ]

    @Test(arguments: mistakes)
    func `in the environment are checked before anything is made`(mistake: Mistake) throws {
        let folder = try TemporaryFolder()
        for command in [["serve", "--listen", "127.0.0.1:0"], ["config", "check"]]
        where mistake.name != "LANYARD_HTTP_LISTEN" || command[0] == "config" {
            let output = try Lanyard.run(command, settings: [mistake.name: mistake.value], in: folder)
            try expectRefusal(output, 78)
            #expect(output.standardError.contains(mistake.name))
            #expect(output.standardError.contains(mistake.hint) || mistake.hint.isEmpty)
            #expect(output.standardError.contains("environment"), "where it came from")
        }
        #expect(!folder.contains("data"))
    }

    @Test(arguments: mistakes)
    func `in a file are checked in the same way`(mistake: Mistake) throws {
        let folder = try TemporaryFolder()
        try folder.write("my.env", "# A comment\n\n\(mistake.name)=\(mistake.value)\n")
        let output = try Lanyard.run(["config", "check", "--config", "my.env"], in: folder)
        try expectRefusal(output, 78)
        #expect(output.standardError.contains(mistake.name))
        #expect(output.standardError.contains("my.env"), "where it came from")
    }

    @Test func `never print a secret when it is wrong`() throws {
        let output = try Lanyard.run(
            ["config", "check"], settings: ["LANYARD_KEYS_MASTER": "my-secret-key"], in: TemporaryFolder())
        try expectRefusal(output, 78)
        #expect(!output.standardError.contains("my-secret-key"))
    }

    @Test(arguments: [
        "export LANYARD_LOG_LEVEL=info", "LANYARD_LOG_LEVEL", "LOG_LEVEL=info", "= x", "LANYARD_LOG_LEVEL =info",
    ])
    func `files hold names and values only`(line: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("my.env", line + "\n")
        try expectRefusal(try Lanyard.run(["config", "check", "--config", "my.env"], in: folder), 78)
    }

    @Test func `of a flag win over the environment, the environment over a file, the last line over the first`() throws
    {
        let folder = try TemporaryFolder()
        try folder.write(
            "my.env", "LANYARD_LOG_LEVEL=debug\nLANYARD_LOG_LEVEL=error\nLANYARD_TOKENS_AUDIENCE=from file\n")
        let settings = ["LANYARD_TOKENS_AUDIENCE": "environment", "LANYARD_LOG_FORMAT": ""]
        let output = try Lanyard.run(["config", "print", "--config", "my.env"], settings: settings, in: folder)
        #expect(output.ending == .exit(0), "\(output.standardError)")
        let printed = try Printed(output.standardOutput)
        #expect(printed.value(of: "LANYARD_LOG_LEVEL") == "error")
        #expect(
            printed.source(of: "LANYARD_LOG_LEVEL") == "file " + folder.path(of: "my.env")
                || printed.source(of: "LANYARD_LOG_LEVEL") == "file my.env")
        #expect(printed.value(of: "LANYARD_TOKENS_AUDIENCE") == "environment")
        #expect(printed.source(of: "LANYARD_TOKENS_AUDIENCE") == "environment")
        #expect(printed.source(of: "LANYARD_LOG_FORMAT") == "default", "an empty value counts as not set")

        let server = try RunningLanyard(settings: ["LANYARD_HTTP_LISTEN": "127.0.0.1:1"])
        #expect(server.port != 1)
    }

    @Test func `are read from Config lanyard env where nothing else is said`() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("Config")
        try folder.write("Config/lanyard.env", "LANYARD_TOKENS_ACCESS_LIFETIME=5m\n")
        let server = try RunningLanyard(in: folder)
        try server.add("bob")
        #expect(try server.open("bob").object.integer("expires_in") == 300)

        try folder.write("other.env", "LANYARD_TOKENS_ACCESS_LIFETIME=2m\n")
        let named = ["LANYARD_CONFIG": "other.env"]
        let other = try server.restarted(settings: named)
        #expect(try other.open("bob").object.integer("expires_in") == 120)

        let developers = try other.restarted(["--dev"], settings: named)
        #expect(try developers.logInAlice().object.integer("expires_in") == 120)
        let unnamed = try developers.restarted(["--dev"])
        #expect(try unnamed.logInAlice().object.integer("expires_in") == 900, "development reads a named file only")
    }

    @Test func `named by a file that is not there are refused`() throws {
        let output = try Lanyard.run(["config", "check", "--config", "missing.env"], in: TemporaryFolder())
        try expectRefusal(output, 78)
        #expect(output.standardError.contains("missing.env"))
    }

    @Test func `print every setting at its default, in a form that can be read again`() throws {
        let folder = try TemporaryFolder()
        let first = try Lanyard.run(["config", "print"], in: folder)
        #expect(first.ending == .exit(0))
        let printed = try Printed(first.standardOutput)
        #expect(printed.names.allSatisfy { $0.hasPrefix("LANYARD_") && printed.source(of: $0) == "default" })
        let defaults = [
            "LANYARD_HTTP_LISTEN": "127.0.0.1:8080", "LANYARD_TOKENS_ACCESS_LIFETIME": "15m",
            "LANYARD_SESSIONS_REFRESH_GRACE": "10s", "LANYARD_KEYS_ALGORITHM": "RS256",
            "LANYARD_PASSWORDS_MEMORY": "19MiB", "LANYARD_TOKENS_AUDIENCE": "lanyard",
            "LANYARD_STORE_URL": "sqlite:data/lanyard.sqlite3", "LANYARD_HTTP_ALLOWED_ORIGINS": "",
        ]
        for (name, value) in defaults { #expect(printed.value(of: name) == value, "\(name)") }

        try folder.write("again.env", first.standardOutput)
        let check = try Lanyard.run(["config", "check", "--config", "again.env"], in: folder)
        #expect(check.ending == .exit(0), "\(check.standardError)")
        let second = try Printed(
            try Lanyard.run(["config", "print", "--config", "again.env"], in: folder).standardOutput)
        #expect(second.names == printed.names)
        for name in printed.names { #expect(second.value(of: name) == printed.value(of: name), "\(name)") }
        #expect(!folder.contains("data"), "looking makes nothing")
    }

    @Test func `print no secret`() throws {
        let folder = try TemporaryFolder()
        let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
        let output = try Lanyard.run(["config", "print"], settings: ["LANYARD_KEYS_MASTER": key], in: folder)
        #expect(output.ending == .exit(0))
        #expect(!output.standardOutput.contains(key))
        #expect(output.standardOutput.contains("# LANYARD_KEYS_MASTER=(secret)"))

        try folder.write("key", key + "\n")
        let file = try Lanyard.run(["config", "print"], settings: ["LANYARD_KEYS_MASTER_FILE": "key"], in: folder)
        #expect(file.standardOutput.split(separator: "\n").contains("LANYARD_KEYS_MASTER_FILE=key"))
        #expect(!file.standardOutput.contains(key))
    }

    @Test func `take a secret from one place only`() throws {
        let folder = try TemporaryFolder()
        let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
        try folder.write("key", key + "\n")
        let both = ["LANYARD_KEYS_MASTER": key, "LANYARD_KEYS_MASTER_FILE": "key"]
        try expectRefusal(try Lanyard.run(["config", "check"], settings: both, in: folder), 78)
        let file = ["LANYARD_KEYS_MASTER_FILE": "key"]
        #expect(try Lanyard.run(["config", "check"], settings: file, in: folder).ending == .exit(0))
        try folder.write("key", key + "\n", mode: 0o644)
        try expectRefusal(try Lanyard.run(["config", "check"], settings: file, in: folder), 78)
        try expectRefusal(
            try Lanyard.run(["config", "check"], settings: ["LANYARD_KEYS_MASTER_FILE": "missing"], in: folder), 78)
    }

    @Test func `ignore what container platforms put into the environment`() throws {
        let settings = [
            "LANYARD_SERVICE_HOST": "10.0.0.1", "LANYARD_SERVICE_PORT": "8080", "LANYARD_PORT": "tcp://10.0.0.1:8080",
            "LANYARD_PORT_8080_TCP_ADDR": "10.0.0.1", "LANYARD_WEB_SERVICE_HOST": "10.0.0.1",
            "LANYARD_SERVICE_PORT_HTTP": "8080",
        ]
        #expect(try Lanyard.run(["config", "check"], settings: settings, in: TemporaryFolder()).ending == .exit(0))
    }

    @Test func `say themselves what the example file says`() throws {
        let folder = try TemporaryFolder()
        let example = Lanyard.repository + "/Config/lanyard.env"
        let check = try Lanyard.run(["config", "check", "--config", example], in: folder)
        #expect(check.ending == .exit(0), "\(check.standardError)")
        let names = try Printed(try Lanyard.run(["config", "print"], in: folder).standardOutput).names
        let text = String(decoding: try TemporaryFolder.bytes(at: example), as: UTF8.self)
        for name in names { #expect(text.contains(name + "="), "\(name) is in the example file") }
    }

    /// The output of `config print`.
    struct Printed {
        private var lines: [String: (value: String, source: String)] = [:]

        init(_ text: String) throws {
            var source: String?
            for line in text.split(separator: "\n").map(String.init) {
                if line.hasPrefix("# source: ") {
                    source = String(line.dropFirst("# source: ".count))
                } else if !line.hasPrefix("#") {
                    let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
                        String.init)
                    guard parts.count == 2, let given = source else { throw Failure("no source for \(line)") }
                    guard lines[parts[0]] == nil else { throw Failure("\(parts[0]) twice") }
                    lines[parts[0]] = (parts[1], given)
                    source = nil
                }
            }
        }

        var names: Set<String> { Set(lines.keys) }
        func value(of name: String) -> String? { lines[name]?.value }
        func source(of name: String) -> String? { lines[name]?.source }
    }
}

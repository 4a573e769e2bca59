// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

@Suite struct `The permissions of files` {
    @Test func `are right whatever the umask is`() throws {
        let folder = try TemporaryFolder()
        let command = "umask 000; exec '\(Lanyard.binary)' serve --listen 127.0.0.1:0"
        var invocation = Lanyard.invocation(["-c", command], in: folder)
        invocation.executable = "/bin/sh"
        let process = try ChildProcess(invocation)
        defer { process.send(SIGKILL) }
        #expect(process.standardOutput.lines(by: .usual) { $0.count == 2 } != nil, "\(process.standardError.text)")
        #expect(try folder.mode(of: "data") == 0o700)
        for (name, item) in try folder.picture(of: "data") {
            #expect(item.mode == 0o600, "\(name) is \(item)")
        }
        process.send(SIGTERM)
        #expect(try process.waitForEnd() == .exit(0))
    }

    @Test func `stop a start that cannot make its data`() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("closed")
        let output = try runUnprivileged(["serve", "--listen", "127.0.0.1:0"], below: "closed", in: folder)
        try expectRefusal(output, 73)
        #expect(output.standardError.contains("data"))
    }

    @Test func `stop a start that cannot read its master key`() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("open")
        try folder.setMode(of: "open", to: 0o777)
        try folder.write("open/key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n", mode: 0o000)
        let output = try runUnprivileged(
            ["serve", "--listen", "127.0.0.1:0"], below: "open", in: folder,
            settings: ["LANYARD_KEYS_MASTER_FILE": "key"])
        try expectRefusal(output, 77)
        #expect(output.standardError.contains("LANYARD_KEYS_MASTER_FILE"))
        #expect(!folder.contains("open/data"))
    }

    @Test func `are the same for commands that make a store`() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("closed")
        let output = try runUnprivileged(
            ["account", "add", "bob", "--password-stdin"], below: "closed", in: folder,
            input: "a long enough password\n")
        try expectRefusal(output, 73)
    }

    /// Runs the program in the folder `name` as somebody whom permissions stop, which is nobody if the tests run as root.
    private func runUnprivileged(
        _ arguments: [String], below name: String, in folder: TemporaryFolder, settings: [String: String] = [:],
        input: String = ""
    ) throws -> Lanyard.Output {
        // Nobody may not reach the folder of the build, so the program comes along. Copied by a program of its own: a
        // file that this process has open for writing, or a program that another test starts meanwhile, cannot be run.
        let copy = ChildProcess.Invocation(
            executable: "/usr/bin/install", arguments: ["-m", "755", Lanyard.binary, "lanyard"], folder: folder.path)
        guard try Lanyard.run(copy).ending == .exit(0) else { throw Failure("cannot copy \(Lanyard.binary)") }
        if name == "closed" { try folder.setMode(of: name, to: 0o555) }
        defer { try? folder.setMode(of: name, to: 0o755) }
        var invocation = Lanyard.invocation(arguments, settings: settings, input: input, in: folder)
        invocation.folder = folder.path(of: name)
        invocation.executable = folder.path(of: "lanyard")
        if geteuid() == 0 {
            let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"]
            invocation.arguments = nobody + [invocation.executable] + arguments
            invocation.executable = "/usr/bin/setpriv"
        }
        return try Lanyard.run(invocation)
    }
}

@Suite struct `The data on disk` {
    @Test func `give away no password, no password hash and no token`() throws {
        let server = try RunningLanyard()
        let password = "the password of this test"
        let added = try server.run(["account", "add", "bob", "--password-stdin"], input: password + "\n")
        #expect(added.ending == .exit(0), "\(added.standardError)")
        let login = try TokenResponse(try server.logIn("bob", password))
        let refreshed = try TokenResponse(try server.refresh(login.refreshToken))
        try server.stop()
        let secrets = [
            password, "$argon2", login.refreshToken, refreshed.accessToken,
            String(login.refreshToken.split(separator: ".").last ?? "?"), "PRIVATE KEY",
        ]
        for (name, item) in try server.folder.picture(of: "data") {
            for secret in secrets {
                #expect(item.bytes.firstRange(of: Array(secret.utf8)) == nil, "\(secret) is in \(name)")
            }
        }
        for secret in secrets {
            #expect(!server.process.standardError.text.contains(secret), "\(secret) is in the log")
        }
    }
}

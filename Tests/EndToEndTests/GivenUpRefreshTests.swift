// SPDX-License-Identifier: Apache-2.0

import Testing

/// The contract, section 6: a refresh whose connection the client has closed is dropped before its decision.
///
/// Decided late, it could void the token that the client got from its next try.
@Suite struct `A refresh that its client gives up` {
    @Test func `is not decided any more, and the session stands as before`() throws {
        let server = try RunningLanyard(["--dev"], settings: ["LANYARD_SESSIONS_REFRESH_GRACE": "0s"])
        let first = try server.logInAlice().refreshToken
        let lock = try StoreLock(of: server)
        for _ in 0..<3 {
            let connection = try RawConnection(port: server.port)
            try connection.send(Self.request(first))
            // Goes out of scope: the client has closed.
        }
        // Those who come later are answered later: when these are, every loop has seen who has gone.
        for _ in 0..<32 { #expect(try server.get("/livez").status == 200) }
        try lock.release()
        let abandoned = server.process.standardError.lines(by: .usual) { lines in
            lines.count { $0.contains("abandoned") } == 3
        }
        #expect(abandoned != nil, "each is in the log")

        let second = try TokenResponse(try server.refresh(first)).refreshToken
        #expect(second.generation == 2, "nothing was decided between the login and this refresh")
        let third = try TokenResponse(try server.refresh(second)).refreshToken
        #expect(third.generation == 3)
    }

    @Test func `half is told to keep its connection open`() throws {
        let server = try RunningLanyard(["--dev"], settings: ["LANYARD_SESSIONS_REFRESH_GRACE": "0s"])
        let first = try server.logInAlice().refreshToken
        let lock = try StoreLock(of: server)
        let connection = try RawConnection(port: server.port)
        try connection.send(Self.request(first))
        connection.endSending()
        for _ in 0..<32 { #expect(try server.get("/livez").status == 200) }
        try lock.release()
        try expectProblem(try connection.reply(), 400, "invalid_request")
        let second = try TokenResponse(try server.refresh(first)).refreshToken
        #expect(second.generation == 2)
    }

    private static func request(_ token: String) -> String {
        let body = "refresh_token=\(token)"
        return [
            "POST /refresh HTTP/1.1", "Host: localhost", "Content-Type: application/x-www-form-urlencoded",
            "Content-Length: \(body.utf8.count)", "", body,
        ].joined(separator: "\r\n")
    }
}

/// Keeps the store of a server from being written, for a few seconds at most.
private struct StoreLock {
    private let holder: ChildProcess
    private let folder: TemporaryFolder

    /// Takes the lock of the development store.
    init(of server: RunningLanyard) throws {
        folder = server.folder
        let script = """
            import os, sqlite3, time
            store = sqlite3.connect("data/dev/lanyard.sqlite3", isolation_level=None, timeout=10)
            store.execute("BEGIN IMMEDIATE")
            print("locked", flush=True)
            end = time.monotonic() + 3
            while time.monotonic() < end and not os.path.exists("release"):
                time.sleep(0.01)
            store.execute("ROLLBACK")
            """
        holder = try ChildProcess(
            ChildProcess.Invocation(
                executable: "/usr/bin/python3", arguments: ["-c", script], folder: folder.path))
        guard holder.standardOutput.lines(by: .usual, until: { $0.contains("locked") }) != nil else {
            throw Failure("the store could not be locked: \(holder.standardError.text)")
        }
    }

    /// Gives the lock back.
    func release() throws {
        try folder.write("release", "")
        guard try holder.waitForEnd() == .exit(0) else { throw Failure("the lock was not held to the end") }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A store that is put back from a copy knows nothing of what happened since; its clients do.
@Suite struct `A store put back from a copy` {
    private static let settings = ["LANYARD_SESSIONS_REFRESH_GRACE": "0s"]

    @Test(arguments: [false, true])
    func `takes up sessions where their clients are`(isCopiedWhileRunning: Bool) throws {
        var server = try RunningLanyard(settings: Self.settings)
        try server.add("bob")
        let ahead = try server.open("bob")
        let untouched = try server.open("bob")
        let idle = try server.open("bob")
        let ended = try server.open("bob")

        if isCopiedWhileRunning {
            try Self.copyRunning(server)
        } else {
            try server.stop()
            try Self.copyStopped(server.folder)
            server = try RunningLanyard(settings: Self.settings, in: server.folder)
        }

        var tokens = [ahead.refreshToken]
        for _ in 0..<4 { tokens.append(try TokenResponse(try server.refresh(tokens.last ?? "")).refreshToken) }
        #expect(try server.run(["session", "revoke", ended.session]).ending == .exit(0))
        let late = try server.open("bob")
        #expect(try server.refresh(late.refreshToken).status == 200)

        try server.stop()
        try Self.putBack(server.folder)
        let restored = try RunningLanyard(settings: Self.settings, in: server.folder)
        #expect(try restored.sql("SELECT current FROM session WHERE id = '\(ahead.session)'") == ["1"])
        let current = try TokenResponse(try restored.refresh(tokens[4]))
        #expect(try current.session == ahead.session)
        #expect(current.refreshToken == tokens[4], "the row catches up, and the client keeps its token")
        let report = try restored.logLine(of: current.reply)
        #expect(try report.string("event") == "session_ahead")
        #expect(try report.string("sid") == ahead.session)

        var latest = current.refreshToken
        for _ in 0..<3 { latest = try TokenResponse(try restored.refresh(latest)).refreshToken }
        #expect(!tokens.contains(latest))
        #expect(try restored.allLogLines(of: "session_ahead").count == 1, "once is enough")
        #expect(try restored.refresh(untouched.refreshToken).status == 200)
        #expect(try restored.refresh(idle.refreshToken).status == 200)
        #expect(try restored.allLogLines(of: "session_reuse").isEmpty)

        // A session of after the copy is unknown: its client logs in again, and nobody else is harmed.
        try expectProblem(try restored.refresh(late.refreshToken), 401, "invalid_grant")
        let again = try restored.open("bob")
        #expect(try restored.refresh(again.refreshToken).status == 200)
        #expect(try restored.refresh(latest).status == 200)
        // What was ended since the copy was taken lives again: the copy does not know better.
        #expect(try restored.refresh(ended.refreshToken).status == 200)
    }

    @Test(arguments: [1, 2])
    func `goes on for two refreshes in flight`(losses: Int) throws {
        let server = try RunningLanyard()
        try server.add("bob")
        let first = try server.open("bob")
        try Self.copyRunning(server)
        // The grace period is over.
        try server.sql("UPDATE session SET rotated_at = rotated_at - 20000")
        let second = try TokenResponse(try server.refresh(first.refreshToken)).refreshToken
        #expect(second != first.refreshToken)
        try server.stop()
        var restored = server
        for _ in 0..<losses {
            try restored.stop()
            try Self.putBack(server.folder)
            restored = try RunningLanyard(in: server.folder)
            #expect(try TokenResponse(try restored.refresh(second)).refreshToken == second)
            #expect(try TokenResponse(try restored.refresh(first.refreshToken)).refreshToken == second)
        }
        #expect(try restored.allLogLines(of: "session_reuse").isEmpty)
        #expect(try restored.allLogLines(of: "session_ahead").count == 1)
    }

    @Test func `still tells a thief, who comes with what the client has used`() throws {
        let server = try RunningLanyard(settings: Self.settings)
        try server.add("bob")
        let first = try server.open("bob").refreshToken
        try Self.copyRunning(server)
        var tokens = [first]
        for _ in 0..<3 { tokens.append(try TokenResponse(try server.refresh(tokens.last ?? "")).refreshToken) }
        try server.stop()
        try Self.putBack(server.folder)
        let restored = try RunningLanyard(settings: Self.settings, in: server.folder)
        let current = try TokenResponse(try restored.refresh(tokens[3])).refreshToken
        try expectProblem(try restored.refresh(tokens[1]), 401, "invalid_grant")
        try expectProblem(try restored.refresh(current), 401, "invalid_grant")
        #expect(try restored.allLogLines(of: "session_reuse").count == 1)
    }

    private static let file = "data/lanyard.sqlite3"

    /// What the README says for a server that runs.
    private static func copyRunning(_ server: RunningLanyard) throws {
        let script = """
            import sqlite3
            with sqlite3.connect("file:\(file)?mode=ro", uri=True, timeout=30) as store:
                store.backup(sqlite3.connect("copy.sqlite3"))
            """
        let output = try Lanyard.run(
            ChildProcess.Invocation(
                executable: "/usr/bin/python3", arguments: ["-c", script], environment: Lanyard.environment,
                folder: server.folder.path))
        guard output.ending == .exit(0) else { throw Failure(output.standardError) }
    }

    private static func copyStopped(_ folder: TemporaryFolder) throws {
        try FileManager.default.copyItem(atPath: folder.path(of: file), toPath: folder.path(of: "copy.sqlite3"))
        #expect(!folder.contains(file + "-wal"), "a stopped server leaves one file")
    }

    private static func putBack(_ folder: TemporaryFolder) throws {
        for name in [file, file + "-wal", file + "-shm"] where folder.contains(name) {
            try FileManager.default.removeItem(atPath: folder.path(of: name))
        }
        try FileManager.default.copyItem(atPath: folder.path(of: "copy.sqlite3"), toPath: folder.path(of: file))
    }
}

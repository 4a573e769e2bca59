// SPDX-License-Identifier: Apache-2.0

import Foundation

extension RunningLanyard {
    /// Runs statements of SQL on the store of this server, beside it, and returns the rows of the last, columns with tabs
    /// between them.
    @discardableResult
    func sql(_ statements: String..., store: String = "data/lanyard.sqlite3") throws -> [String] {
        let script = """
            import sqlite3, sys
            store = sqlite3.connect(f"file:{sys.argv[1]}?mode=rw", uri=True, timeout=30)
            with store:
                for statement in sys.argv[2:]:
                    rows = store.execute(statement).fetchall()
            for row in rows:
                print(*row, sep="\\t")
            """
        let output = try Lanyard.run(
            ChildProcess.Invocation(
                executable: "/usr/bin/python3", arguments: ["-c", script, store] + statements,
                environment: Lanyard.environment, folder: folder.path))
        guard output.ending == .exit(0) else { throw Failure(output.standardError) }
        return output.standardOutput.split(separator: "\n").map(String.init)
    }

    /// Adds an account, with the password of the tests.
    func add(_ name: String, _ more: String...) throws {
        let output = try run(
            ["account", "add", name, "--password-stdin"] + more, input: `The account commands`.password + "\n")
        guard output.ending == .exit(0) else { throw Failure(output.standardError) }
    }

    /// Logs in as an account that ``add(_:_:)`` has made.
    func open(_ name: String, _ more: [String: Any] = [:]) throws -> TokenResponse {
        try TokenResponse(try logIn(name, `The account commands`.password, more))
    }
}

extension TokenResponse {
    /// The id of the session.
    var session: String {
        get throws { try claims.string("sid") }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation

extension RunningLanyard {
    /// The log lines so far that tell of one kind of event; the server writes JSON (`LANYARD_LOG_FORMAT`).
    func logLines(of event: String) throws -> [JSONObject] {
        try Self.parsed(process.standardError.lines).filter { try $0.string("event") == event }
    }

    /// The same with all lines that belong to replies so far; the level is `info` (`LANYARD_LOG_LEVEL`).
    func allLogLines(of event: String) throws -> [JSONObject] {
        // The log is written in order, but a moment after the reply: what comes before the line of another request is all.
        _ = try logLine(of: get("/nothing-is-here"))
        return try logLines(of: event)
    }

    /// Waits for the first log line about the request that was answered with `reply`, or for that of one event.
    func logLine(of reply: Reply, event: String? = nil) throws -> JSONObject {
        guard let id = reply["x-request-id"] else { throw Failure("no X-Request-Id: \(reply.fields)") }
        func ours(_ lines: [String]) -> String? {
            lines.first { line in
                guard line.contains("\"request_id\":\"\(id)\"") else { return false }
                // What is said once of forwarding comes with whatever request is the first.
                return event.map { line.contains("\"event\":\"\($0)\"") } ?? !line.contains("\"event\":\"forwarded_")
            }
        }
        guard let lines = process.standardError.lines(by: .usual, until: { ours($0) != nil }), let line = ours(lines)
        else { throw Failure("no line with \(id): \(process.standardError.text)") }
        return try JSONObject(line)
    }

    /// Who asked, by the log line about the request that was answered with `reply`.
    func client(of reply: Reply) throws -> String { try logLine(of: reply).string("client_ip") }

    /// The network of the session that a login has opened, as the store has it.
    func network(of login: Reply) throws -> String? {
        let script = """
            import sqlite3, sys
            store = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, timeout=30)
            print(*store.execute("SELECT network FROM session WHERE id = ?", sys.argv[2:]).fetchone())
            """
        let output = try Lanyard.run(
            ChildProcess.Invocation(
                executable: "/usr/bin/python3",
                arguments: ["-c", script, "data/dev/lanyard.sqlite3", try logLine(of: login).string("sid")],
                environment: Lanyard.environment, folder: folder.path))
        guard output.ending == .exit(0) else { throw Failure(output.standardError) }
        let network = output.standardOutput.trimmingCharacters(in: .newlines)
        return network == "None" ? nil : network
    }

    private static func parsed(_ lines: [String]) throws -> [JSONObject] {
        // Notices for people, such as that of a new account, are no lines of the log.
        try lines.filter { $0.hasPrefix("{") }.map { try JSONObject($0) }
    }
}

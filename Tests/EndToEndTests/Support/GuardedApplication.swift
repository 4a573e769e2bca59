// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An application without a login of its own, and a Lanyard, both behind an nginx with `Config/nginx.conf`.
final class GuardedApplication: Sendable {
    let lanyard: RunningLanyard
    private let front: ListeningSocket
    private let application: ChildProcess
    private let nginx: ChildProcess

    /// Starts all three, and adds the account `alice` with the role `reader`.
    init(settings: [String: String] = [:], by clock: MovableClock? = nil) throws {
        let issued = ["LANYARD_ISSUER": Self.issuer, "LANYARD_HTTP_TRUSTED_PROXIES": "127.0.0.1/32"]
        lanyard = try RunningLanyard(settings: issued.merging(settings) { $1 }, by: clock)
        try lanyard.add("alice", "--role", "reader")
        application = try ChildProcess(
            ChildProcess.Invocation(
                executable: "/usr/bin/python3", arguments: ["-u", "-c", Self.echo], environment: Lanyard.environment,
                folder: lanyard.folder.path))
        do {
            let line = application.standardOutput.lines(by: .usual) { !$0.isEmpty }?.first
            guard let port = line.flatMap({ UInt16($0) }) else {
                throw Failure("the application is not ready: \(application.standardError.text)")
            }
            front = try ListeningSocket()
            nginx = try Proxies.startNginx(before: port, and: lanyard.port, at: front, in: lanyard.folder)
        } catch {
            application.send(SIGKILL)
            throw error
        }
    }

    deinit {
        for process in [nginx, application] { process.send(SIGTERM) }
        for process in [nginx, application] { _ = try? process.waitForEnd() }
    }

    /// Sends one request through nginx.
    func send(
        _ method: String, _ target: String, _ fields: [String] = [], body: String? = nil, rawBody: String = ""
    ) throws -> Reply {
        let connection = try RawConnection(port: front.port)
        let length = body.map { ["Content-Length: \($0.utf8.count)"] } ?? []
        let lines = ["\(method) \(target) HTTP/1.1", "Host: www.example.com", "Connection: close"] + length + fields
        try connection.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? rawBody))
        return try connection.reply(toHead: method == "HEAD")
    }

    /// Logs alice in through nginx.
    func logIn(_ more: String = "") throws -> TokenResponse {
        let body = #"{"username":"alice","password":"\#(`The account commands`.password)"\#(more)}"#
        return try TokenResponse(
            send("POST", "/auth/login", ["Content-Type: application/json"], body: body))
    }

    /// The URL of Lanyard as its clients have it.
    static let issuer = "https://www.example.com/auth"

    /// Answers every request with its fields, names in lower case, as JSON.
    private static let echo = """
        import http.server, json

        class Echo(http.server.BaseHTTPRequestHandler):
            def answer(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                fields = {}
                for name, value in self.headers.items():
                    fields.setdefault(name.lower(), []).append(value)
                body = json.dumps(fields).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)
            do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer
            def log_message(self, *arguments):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
        print(server.server_address[1])
        server.serve_forever()
        """
}

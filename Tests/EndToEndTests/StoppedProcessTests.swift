// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// A frozen container, a suspended machine: no timer of the server has run when the next request comes.
@Suite struct `A server that was stopped and goes on` {
    @Test(arguments: ["GET /readyz", "POST /refresh", "GET /me", "GET /status/1"])
    func `answers the first request, which came while it was stopped`(request: String) throws {
        let service = try KeyService()
        let server = try service.start()
        let login = try server.logInBob()
        let connection = try RawConnection(port: server.port)
        server.process.send(SIGSTOP)
        defer { server.process.send(SIGCONT) }
        let start = ContinuousClock.now
        Deadline.after(.seconds(5)).poll { start.duration(to: .now) >= .seconds(4) }
        let body = request == "POST /refresh" ? #"{"refresh_token":"\#(login.refreshToken)"}"# : ""
        var lines = ["\(request) HTTP/1.1", "Host: localhost", "Authorization: Bearer \(login.accessToken)"]
        if !body.isEmpty { lines += ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"] }
        try connection.send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
        server.process.send(SIGCONT)
        #expect(try connection.reply().status == 200)
    }
}

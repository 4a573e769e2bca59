// SPDX-License-Identifier: Apache-2.0

import Foundation
import LanyardVerifier
import Testing

/// `key rotate --now`, as verifiers see it that had fetched the key set just before.
@Suite struct `A key that is rotated now` {
    @Test func `is known to LanyardVerifier's cache when it signs`() async throws {
        let service = try KeyService()
        let server = try service.start()
        let verifier = Verifier(issuer: KeyService.issuer, audience: "lanyard")
        let cache = KeySetCache { try server.keySet() }
        let login = try server.logInBob()
        _ = try await verifier.verify(login.accessToken, keys: cache, at: .now)
        try service.order("rotate", "--now")
        let next = try service.kid("next")
        let deadline = Deadline.after(.seconds(120))
        var newCount = 0
        while newCount < 20 {
            try #require(!deadline.isOver)
            let answer = try TokenResponse(try server.refresh(login.refreshToken))
            _ = try await verifier.verify(answer.accessToken, keys: cache, at: .now)
            if try answer.kid == next { newCount += 1 }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    @Test(.enabled(if: Peers.python != nil, Peers.howToGet))
    func `is known to PyJWT and to the rule of jose when it signs`() throws {
        let service = try KeyService(["LANYARD_ISSUER": ""])
        let server = try service.start()
        let login = try server.logInBob()
        var environment = Lanyard.environment.merging(service.settings) { $1 }
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        let output = try Lanyard.run(
            ChildProcess.Invocation(
                executable: try #require(Peers.python),
                arguments: [
                    Peers.folder + "/rotation_peer.py", server.url, login.refreshToken, Lanyard.binary, "key", "rotate",
                    "--now",
                ],
                environment: environment, folder: service.folder.path), by: .after(.seconds(180)))
        #expect(output.ending == .exit(0), "\(output.standardOutput)\(output.standardError)")
        print(output.standardOutput, terminator: "")
    }

    @Test(arguments: ["4s", "61m", "35", "", "-5s", "1d"])
    func `signs in 5 s to 1 h`(duration: String) throws {
        let service = try KeyService()
        let output = try service.key("rotate", "--now", "--in=\(duration)")
        #expect(output.ending == .exit(64), "\(output.standardError)")
        #expect(try service.keys().count == 1)
        #expect(try service.key("rotate", "--in", "10s").ending == .exit(64), "--in belongs to --now")
    }

    @Test func `signs 35 s from now, or when the order says, and never later than ordered before`() throws {
        let service = try KeyService()
        try expectLead(35, try service.order("rotate", "--now"), service)
        #expect(try service.order("rotate", "--now", "--in", "1h").contains("nothing was changed"))
        let said = try service.order("rotate", "--now", "--in", "10s")
        #expect(said.contains("may reject its tokens until"), "what verifiers that cache the key set will see: \(said)")
        try expectLead(10, said, service)
        try expectLead(5, try service.order("revoke", try service.kid("active")), service)
        let other = try KeyService()
        try expectLead(3_600, try other.order("rotate", "--now", "--in", "1h"), other)
    }

    /// Expects that the key that is next signs so many seconds after an order that was just carried out.
    private func expectLead(
        _ seconds: Double, _ said: String, _ service: KeyService, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let key = try #require(try service.keys().first { $0.state == "next" }, sourceLocation: sourceLocation)
        #expect(said.contains(key.signsFrom), sourceLocation: sourceLocation)
        let left = try Date(key.signsFrom, strategy: .iso8601).timeIntervalSinceNow
        // Seconds are shown as whole ones, and the machine may be slow.
        #expect(left <= seconds && left > seconds - 31, sourceLocation: sourceLocation)
    }
}

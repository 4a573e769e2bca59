// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

/// `session revoke --all` beside two servers, while people log in.
@Suite struct `Ending all sessions` {
    private static let settings = [
        "LANYARD_SESSIONS_REFRESH_GRACE": "0s", "LANYARD_KEYS_ALGORITHM": "ES256",
    ]

    /// What the store holds of keys for refresh tokens before.
    enum Keys: CaseIterable, Sendable {
        /// The first, as most stores have it.
        case one
        /// A newer one that all servers make tokens with.
        case settled
        /// A newer one that no server makes tokens with yet.
        case justMade
    }

    @Test(arguments: Keys.allCases)
    func `cuts off nobody who logs in afterwards, on any server`(keys: Keys) throws {
        let first = try RunningLanyard(settings: Self.settings)
        try first.add("bob")
        let oldest = try first.open("bob")
        if keys == .settled {
            #expect(try first.run(["key", "rotate", "--refresh"]).ending == .exit(0))
            try first.sql("UPDATE secret SET created_at = created_at - 1000 * 200")
        }
        let servers = [
            try first.restarted(settings: Self.settings), try RunningLanyard(settings: Self.settings, in: first.folder),
        ]
        if keys == .justMade { #expect(try servers[0].run(["key", "rotate", "--refresh"]).ending == .exit(0)) }
        #expect(
            try servers[0].sql("SELECT count(*) FROM secret WHERE purpose = 'refresh'") == [keys == .one ? "1" : "2"])
        let before = try servers.map { try $0.open("bob") }

        let meanwhile = Mutex<[String]>([])
        let workers = Workers(of: 4) { index in
            let token = try servers[index % 2].open("bob").refreshToken
            meanwhile.withLock { $0.append(token) }
        }
        try workers.wait(forRounds: 4)
        let output = try servers[0].run(["session", "revoke", "--all"])
        #expect(output.ending == .exit(0), "\(output.standardError)")
        let known = meanwhile.withLock(\.count)
        // Those that were under way when the command ended, and as many more as make it sure to have some of later.
        try workers.wait(forRounds: 4 + 16)
        try workers.stop()

        let later = meanwhile.withLock { Array($0[(known + 4)...]) }
        #expect(later.count >= 8)
        for (index, token) in later.enumerated() {
            let next = try servers[index % 2].refresh(token)
            #expect(next.status == 200, "\(next.text)")
            #expect(try servers[(index + 1) % 2].refresh(TokenResponse(next).refreshToken).status == 200)
        }
        try expectOver(before, on: servers)
        if keys != .justMade {
            // Nobody's key was taken away: who was logged in meanwhile goes on, or has met the command.
            for token in meanwhile.withLock({ Array($0[..<known]) }) { _ = try servers[0].refresh(token) }
            for server in servers {
                #expect(!server.process.standardError.text.contains(#""reason":"forged""#))
                #expect(server.process.standardError.text.contains(#""reason":"revoked""#), "that is where it is said")
            }
        }
        try expectOver([oldest], on: servers)
        #expect(try servers[0].sql("SELECT count(*) FROM secret WHERE purpose = 'refresh'") == ["1"])
    }

    private func expectOver(_ logins: [TokenResponse], on servers: [RunningLanyard]) throws {
        for login in logins {
            for server in servers { try expectProblem(try server.refresh(login.refreshToken), 401, "invalid_grant") }
        }
    }
}

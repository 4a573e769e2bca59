// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

/// No session survives a password change, disabling or removal that happens while it is opened or advanced.
@Suite struct `A change of an account while it logs in and refreshes` {
    /// What happens to the account, and how to log in to it again.
    enum Change: CaseIterable, Sendable {
        case password
        case disabling
        case removal

        func make(on server: RunningLanyard) throws {
            switch self {
            case .password: try run(server, ["password", "bob", "--password-stdin"], input: "quite another password\n")
            case .disabling: try run(server, ["disable", "bob"])
            case .removal: try run(server, ["remove", "bob"])
            }
        }

        func undo(on server: RunningLanyard) throws {
            switch self {
            case .password:
                try run(
                    server, ["password", "bob", "--password-stdin"], input: `The account commands`.password + "\n")
            case .disabling: try run(server, ["enable", "bob"])
            case .removal: try server.add("bob")
            }
        }

        private func run(_ server: RunningLanyard, _ arguments: [String], input: String = "") throws {
            let output = try server.run(["account"] + arguments, input: input)
            guard output.ending == .exit(0) else { throw Failure(output.standardError) }
        }
    }

    @Test(arguments: Change.allCases)
    func `leaves no session that was begun before it`(change: Change) throws {
        // Cheap hashes, so that many logins are at every step when the change comes; every refresh writes.
        let settings = [
            "LANYARD_PASSWORDS_MEMORY": "8MiB", "LANYARD_SESSIONS_REFRESH_GRACE": "0s",
            "LANYARD_KEYS_ALGORITHM": "ES256", "LANYARD_SESSIONS_MAX_PER_ACCOUNT": "10000",
        ]
        let server = try RunningLanyard(settings: settings)
        let other = try RunningLanyard(settings: settings, in: server.folder)
        try server.add("bob")
        for _ in 0..<4 {
            // The newest token of each session: an older one would end the session, whether it survived or not.
            let newest = Mutex<[String: String]>([:])
            let refusals = Atomic(0)
            let workers = Workers(of: 4) { index in
                let asked = index % 2 == 0 ? server : other
                let reply = try asked.logIn("bob", `The account commands`.password)
                guard reply.status == 200 else {
                    try expectProblem(reply, 401, "invalid_credentials")
                    refusals.add(1, ordering: .relaxed)
                    return
                }
                var answer = try TokenResponse(reply)
                let session = try answer.session
                // Some only log in: a refresh would end a session that was opened for a disabled account.
                for _ in 0..<(index < 2 ? 3 : 0) {
                    newest.withLock { [token = answer.refreshToken] in $0[session] = token }
                    let next = try asked.refresh(answer.refreshToken)
                    guard next.status == 200 else { return try expectProblem(next, 401, "invalid_grant") }
                    answer = try TokenResponse(next)
                }
                newest.withLock { [token = answer.refreshToken] in $0[session] = token }
            }
            try workers.wait(forRounds: 4)
            try change.make(on: server)
            // What was under way when the command ended, and more that begins with the old password.
            try workers.wait(forRounds: 8)
            try workers.stop()
            #expect(refusals.load(ordering: .relaxed) >= 4)

            // A disabled account refuses everybody; a new password, on the other hand, would end what has survived.
            if change == .disabling { try change.undo(on: server) }
            let tokens = newest.withLock(\.self)
            #expect(tokens.count >= 4)
            for (index, token) in tokens.values.enumerated() {
                try expectProblem(try (index % 2 == 0 ? server : other).refresh(token), 401, "invalid_grant")
            }
            if change != .disabling { try change.undo(on: server) }
        }
    }
}

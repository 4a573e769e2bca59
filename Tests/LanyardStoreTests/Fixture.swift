// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport

/// What the tests of stores begin with.
enum Fixture {
    static let start = UnixTime(seconds: 1_700_000_000)
    static let lifetimes = SessionLifetimes(
        idle: .seconds(1_000), absolute: .seconds(5_000), refreshGrace: .seconds(10))

    static func founding(_ name: String = "first") -> Founding {
        let next = KeyRecord(
            kid: "\(name)-next", algorithm: "ES256", state: .next, publicKey: [1], sealedPrivateKey: [2],
            createdAt: start, signsFrom: start + .seconds(60))
        var retired = KeyRecord(
            kid: "\(name)-retired", algorithm: "RS256", state: .retired, publicKey: [3], sealedPrivateKey: nil,
            createdAt: start, signsFrom: start)
        retired.retiredAt = start + .seconds(1)
        retired.goneAt = start + .seconds(2)
        return Founding(
            isDevelopment: true, keys: [next, retired],
            secrets: [
                SecretRecord(id: "\(name)-refresh", purpose: .refresh, sealed: [4, 0, 5], createdAt: start),
                SecretRecord(id: "\(name)-password", purpose: .password, sealed: [], createdAt: start),
            ])
    }

    static func account(_ name: String = "alice", id: AccountID? = nil, createdAt: UnixTime = start) -> Account {
        Account(
            id: id ?? "id-of-\(name)", name: name, nameKey: name.lowercased(), email: nil, roles: ["reader"],
            claims: "{}", password: Array("hash of \(name)".utf8), createdAt: createdAt)
    }

    static func opening(
        _ id: SessionID = "session", of account: Account = account(), maximum: Int = 100,
        lifetimes: SessionLifetimes = lifetimes, hasStatus: Bool = false
    ) -> SessionOpening {
        SessionOpening(
            id: id, accountID: account.id, accountEpoch: account.epoch, audience: ["lanyard"], roles: nil,
            delivery: .body, label: nil, network: nil, lifetimes: lifetimes, maximumPerAccount: maximum,
            hasStatus: hasStatus)
    }

    static func advance(
        _ generation: Int64, of session: SessionID = "session", lifetimes: SessionLifetimes = lifetimes
    ) -> SessionAdvance {
        SessionAdvance(sessionID: session, generation: generation, lifetimes: lifetimes)
    }
}

extension Store {
    /// Opens a session that is expected to open, and returns it.
    func opened(_ opening: SessionOpening, at now: UnixTime) async throws -> Session {
        let opened = try await openSession(opening, at: now)
        guard case .opened(let session, _, _) = opened else { throw Unexpected.answer("\(opened)") }
        return session
    }

    /// Makes a refresh.
    func advanced(_ advance: SessionAdvance, at now: UnixTime) async throws -> SessionAdvanced {
        try await advanceSession(advance, at: { now })
    }
}

/// Why a test cannot go on.
enum Unexpected: Error {
    case answer(String)
}

extension SessionAdvanced {
    /// The decision, if the session goes on.
    var decision: RefreshDecision? {
        if case .advanced(let decision, _, _, _) = self { decision } else { nil }
    }

    /// The session, if it goes on.
    var session: Session? {
        if case .advanced(_, let session, _, _) = self { session } else { nil }
    }

    /// Why the session was over, if it was.
    var cause: Session.Cause? {
        if case .over(let cause, _, _) = self { cause } else { nil }
    }
}

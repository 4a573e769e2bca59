// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCore
internal import LanyardPasswords
internal import LanyardStore
internal import LanyardStoreSQLite

/// What the commands do with sessions, and how they tell what came of it.
struct SessionRules {
    private let opened: OpenedStore
    private let policy: KeyPolicy
    private let lifetimes: SessionLifetimes

    /// Opens the store of the settings; none is made.
    init(_ settings: Settings) async throws(Failure) {
        opened = try await OpenedStore(settings, for: .looking)
        policy = settings.keyPolicy
        lifetimes = settings.sessionLifetimes
    }

    /// Ends the store.
    func close() { opened.store.close() }

    /// Prints the sessions of an account that go on.
    func list(_ name: String, asJSON: Bool) async throws(Failure) {
        let account = try await account(named: name)
        let sessions = try await step(
            await opened.store.sessions(
                ofAccount: account.id, lifetimes: lifetimes, limit: Self.listedAtMost, at: SystemClock.now()))
        let array = JSONValue.array(sessions.map { $0.json(isCurrent: false) })
        try writeResult(asJSON ? array.text + "\n" : sessions.map(\.line).joined())
    }

    /// Ends one session.
    func revoke(_ id: String) async throws(Failure) {
        let result = try await end(.one(id: id, account: nil))
        guard result.isKnown else {
            throw Failure(.data, "there is no session \(id); 'lanyard session list NAME' shows those that there are")
        }
        guard !result.ended.isEmpty else { throw Failure(.data, "the session \(id) is over already") }
        writeNotice("lanyard: ended the session \(id)\n")
    }

    /// Ends the sessions of an account.
    func revokeAll(ofAccount name: String) async throws(Failure) {
        let ended = try await end(.all(account: account(named: name).id)).ended
        writeNotice("lanyard: ended \(ended.counted) of \(name.escapingControls)\n")
    }

    /// Ends all sessions (``RevokeAll``).
    func revokeAll() async throws(Failure) {
        let revokeAll = RevokeAll(
            store: opened.store, masterKey: opened.masterKey, policy: policy, lifetimes: lifetimes,
            now: SystemClock.now, pause: { try? await RunningClock().sleep(for: $0) })
        let count: Int
        do throws(RevokeAll.Failure) {
            count = try await revokeAll { count, pause in
                writeNotice(
                    """
                    lanyard: ended \(SessionCount.text(count)); the key of refresh tokens is new, so wait \
                    \(pause.wholeSeconds) s until every server uses it, then sessions opened meanwhile end too

                    """)
            }
        } catch {
            switch error {
            case .store(let error): throw Failure(error, at: "of the settings")
            case .keys(let error): throw Failure(error)
            }
        }
        writeNotice("lanyard: ended \(SessionCount.text(count))\n")
    }

    private func end(_ scope: SessionEnding.Scope) async throws(Failure) -> SessionsEnded {
        let ending = SessionEnding(scope, cause: .revoked, lifetimes: lifetimes)
        return try await step(await opened.store.endSessions(ending, at: SystemClock.now()))
    }

    private func account(named name: String) async throws(Failure) -> Account {
        guard let key = try? AccountName(presented: name).key,
            let account = try await step(await opened.store.account(nameKey: key))
        else { throw Failure(.notFound, account: name) }
        return account
    }

    private func step<Value>(
        _ make: @autoclosure () async throws(StoreError) -> Value
    ) async throws(Failure) -> Value {
        do throws(StoreError) {
            return try await make()
        } catch {
            throw Failure(error, at: "of the settings")
        }
    }

    /// More than the settings let an account have at one time.
    private static let listedAtMost = 100_000
}

extension Session {
    /// The session in one line, for people.
    fileprivate var line: String {
        "\(id)\t\(createdAt.rfc3339)\t\(rotatedAt.rfc3339)\t\(network ?? "")\t\(label?.escapingControls ?? "")\n"
    }
}

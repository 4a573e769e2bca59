// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardPasswords
internal import LanyardService
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

    /// Ends all sessions, and drops the keys that only earlier refresh tokens were made with.
    ///
    /// No session that is opened after this may have a token of a key that is dropped, but servers make tokens with the
    /// newest key only some seconds after they have read it, and until then with the one before.
    ///
    /// - If there is one key, or the newest has been there so long that even a server started just now makes tokens with
    ///   it, nothing is to be heeded: sessions end, older keys go, and nobody who logs in meanwhile has a token of those.
    /// - If the newest has just been made, some of those have a token of the key before. When that has gone, each
    ///   server makes and checks with the newest alone as soon as it has read so, and it answers only while its last read
    ///   is younger than ``KeyPolicy/staleness``. So after the lead, which is longer, no token of an older key is made any
    ///   more, by nobody's clock but this one's pace; and what was opened until then ends too.
    func revokeAll() async throws(Failure) {
        let begun = SystemClock.now()
        var count = try await endAll()
        if try await !dropRefreshKeys(at: begun) {
            writeNotice(
                """
                lanyard: ended \(SessionCount.text(count)); the key of refresh tokens is new, so wait 5 s until every server \
                uses it, then sessions opened meanwhile end too

                """)
            await pause(seconds: Int(KeyPolicy.emergencyLead.wholeSeconds))
            count += try await endAll()
        }
        writeNotice("lanyard: ended \(SessionCount.text(count))\n")
    }

    /// Ends all sessions, some at a time: a server that writes to the store meanwhile waits for one step, and not for all.
    ///
    /// Every session that was open at the beginning ends. One that is opened meanwhile may: to spare it for the time at which
    /// it was opened would be to spare older ones too, of a machine whose clock is ahead.
    private func endAll() async throws(Failure) -> Int {
        var count = 0
        var last: String? = ""
        while let after = last {
            let result = try await end(.any(after: after, limit: Self.endedAtOnce))
            count += result.ended.count
            last = result.last
            // Who waits for SQLite's lock asks for it now and then, and would find it taken again each time.
            if last != nil { try? await Task.sleep(for: Self.breath) }
        }
        return count
    }

    /// Drops the keys before the newest; returns whether no server made tokens with them any more at `instant`.
    private func dropRefreshKeys(at instant: UnixTime) async throws(Failure) -> Bool {
        let orders = KeyOrders(store: opened.store, masterKey: opened.masterKey, policy: policy, now: { instant })
        do throws(KeyOrderError) {
            let outcome = try await orders.carryOut(.dropRefreshKeys)
            return outcome != .refreshDropped(wasSettled: false)
        } catch {
            throw Failure(error)
        }
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

    /// How many rows one step looks at: a few milliseconds.
    private static let endedAtOnce = 1_000

    /// How long the store is left to others between two steps.
    private static let breath = Duration.milliseconds(10)
}

extension Session {
    /// The session in one line, for people.
    fileprivate var line: String {
        "\(id)\t\(createdAt.rfc3339)\t\(rotatedAt.rfc3339)\t\(network ?? "")\t\(label?.escapingControls ?? "")\n"
    }
}

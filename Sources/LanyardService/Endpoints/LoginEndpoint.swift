// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCrypto
internal import LanyardHTTP
internal import LanyardPasswords
internal import LanyardStore

/// `POST /login`: credentials for tokens.
///
/// Account read → one hash in a lane → the session's row → one signature on the loop. An unknown account, a disabled one
/// and an over-long name or password cost the same (``PasswordDecoys``), and get the same answer.
struct LoginEndpoint: Endpoint {
    private let configuration: ServiceConfiguration
    private let store: any Store
    private let lanes: PasswordLanes
    private let passwords: PasswordSeal
    private let decoys: PasswordDecoys
    private let live: LiveKeys
    private let keys: LoopKeys
    private let tokens: TokenResponder
    private let cookieGuard: CookieGuard
    private let events: EventLog
    private let now: @Sendable () -> UnixTime

    init(
        _ dependencies: Dependencies, _ keys: LoopKeys, _ tokens: TokenResponder, _ cookieGuard: CookieGuard
    ) {
        configuration = dependencies.configuration
        store = dependencies.store
        lanes = dependencies.lanes
        passwords = dependencies.passwords
        decoys = dependencies.decoys
        live = dependencies.keys
        self.keys = keys
        events = dependencies.events
        now = dependencies.now
        self.tokens = tokens
        self.cookieGuard = cookieGuard
    }

    func check(_ head: RequestHead) throws(ServiceError) {
        try RequestMembers.checkType(of: head)
    }

    func answer(_ call: Call) async throws(ServiceError) -> Answer {
        var login = try request(of: call)
        try await live.requireFresh()
        if login.delivery != .body { login.replaced = sessionOfCookie(in: call.request.head) }
        // No account has the empty name; a name that cannot be an account's costs the same read.
        let key = (try? AccountName(presented: login.username))?.key
        let found = try await asServiceError(await store.account(nameKey: key ?? ""))
        let account = try await authenticated(found, named: key ?? login.username, login, call.request)
        let (session, owner) = try await openSession(of: account, login, call.request)
        let respond = tokens.responding(
            to: call.request, session: session, account: owner, delivery: session.delivery,
            // A role was taken away while the password was hashed.
            withoutAudience: .invalidTarget)
        return .workThen(respond) { [replaced = login.replaced] made throws(ServiceError) in
            guard case .success(let response) = made else {
                // Nobody has a token of the new session.
                try? await end(session.id, .revoked, call.request)
                return try made.get()
            }
            if let replaced { try await end(replaced, .replaced, call.request) }
            return response
        }
    }

    private func end(_ session: String, _ cause: Session.Cause, _ request: Request) async throws(ServiceError) {
        let ending = SessionEnding(.one(id: session, account: nil), cause: cause, lifetimes: configuration.sessions)
        let outcome = try await asServiceError(await store.endSessions(ending, at: now()))
        events.sessionsEnded(outcome.ended, request)
    }

    private func request(of call: Call) throws(ServiceError) -> LoginRequest {
        // Before the first wait: the password is in `login` alone from here on.
        defer { call.request.wipeContent() }
        let login = try LoginRequest(RequestMembers(of: call.request), configuration)
        // Else another page could log its visitors in as somebody of its own.
        if login.delivery != .body { try cookieGuard.checkLogin(call.request) }
        return login
    }

    /// Returns the session of the cookie that the answer's cookie takes the place of, if it is one of ours.
    ///
    /// Whatever else stands there is no reason to refuse a login, which replaces it.
    private func sessionOfCookie(in head: RequestHead) -> String? {
        guard let cookie = try? configuration.cookies.refreshToken(in: head) else { return nil }
        return keys.current.refreshTokens.decode(cookie)?.sessionID
    }

    /// Returns the account if the password is its own, and it may log in.
    private func authenticated(
        _ account: Account?, named name: String, _ login: LoginRequest, _ request: Request
    ) async throws(ServiceError) -> Account {
        guard let check = try? decoys.check(login.password, of: account, named: name) else { throw .internal }
        let verdict: PasswordVerdict
        do throws(PasswordLanesError) {
            verdict = try await lanes.verify(check, for: .stranger)
        } catch {
            throw ServiceError(error) { events.loginOverloaded(request, $0) }
        }
        guard case .right(let replacement) = verdict else {
            throw refusal(request, account, account == nil ? .unknownAccount : .wrongPassword)
        }
        guard let account else { throw .internal }
        guard account.disabledAt == nil else { throw refusal(request, account, .disabledAccount) }
        await upgrade(account, to: replacement, from: check.stored)
        return account
    }

    /// Stores a hash of the live parameters instead of one of others, or the scheme that an older release did not write.
    ///
    /// If that fails, the next login tries again.
    private func upgrade(_ account: Account, to replacement: PasswordHash?, from stored: PasswordHash) async {
        let password: StoredPassword
        if let replacement {
            guard let sealed = try? passwords.stored(replacement, account: account.id) else { return }
            password = sealed
        } else {
            guard account.scheme != stored.kind.text else { return }
            password = StoredPassword(sealed: account.password, scheme: stored.kind.text)
        }
        _ = try? await store.replacePassword(account.password, with: password, ofAccount: account.id)
    }

    private func refusal(_ request: Request, _ account: Account?, _ reason: LoginFailure) -> ServiceError {
        events.loginFailed(request, account: account?.id, reason: reason)
        return .wrongCredentials
    }

    private func openSession(
        of account: Account, _ login: LoginRequest, _ request: Request
    ) async throws(ServiceError) -> (Session, Account) {
        guard login.audience.allSatisfy({ configuration.tokens.allows($0, holding: account.roles) }) else {
            throw .invalidTarget
        }
        let holds = { (asked: String) in account.roles.contains { $0.hasSameBytes(as: asked) } }
        if let roles = login.roles, !roles.allSatisfy(holds) { throw .invalidScope }
        let client = configuration.trustedProxies.client(of: request)
        var opening = SessionOpening(
            id: Base64URL.encode(SecureRandom.bytes(16)), accountID: account.id, accountEpoch: account.epoch,
            audience: login.audience, roles: login.roles, delivery: login.delivery, label: login.label,
            network: ClientNetwork(client)?.description, lifetimes: configuration.sessions,
            maximumPerAccount: configuration.maximumSessionsPerAccount, hasStatus: configuration.status != nil)
        opening.replaced = login.replaced
        switch try await asServiceError(await store.openSession(opening, at: now())) {
        // The account as it is now: a role may have been taken away while the password was hashed.
        case .opened(let session, let account, let ended):
            events.sessionsEnded(
                ended.map { EndedSession(id: $0, accountID: account.id, cause: .revoked) }, request)
            events.login(request, account: account.id, session: session.id)
            return (session, account)
        case .accountChanged:
            throw refusal(request, account, .accountChanged)
        }
    }
}

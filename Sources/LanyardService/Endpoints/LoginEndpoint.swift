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

    func answer(_ call: Call) throws(ServiceError) -> Outcome {
        // First: a request that waits for the keys is answered again from its content, which must not be wiped by then.
        try live.requireFresh()
        defer { call.request.wipeContent() }
        let login = try request(of: call)
        // No account has the empty name; a name that cannot be an account's costs the same read.
        let key = (try? AccountName(presented: login.username))?.key
        store.account(nameKey: key ?? "") { result in
            switch result {
            case .success(let account): checkPassword(of: account, named: key ?? login.username, login, call)
            case .failure(let error): call.fail(error, events)
            }
        }
        return .pending
    }

    private func request(of call: Call) throws(ServiceError) -> LoginRequest {
        var login = try LoginRequest(RequestMembers(of: call.request), configuration)
        // Else another page could log its visitors in as somebody of its own.
        if login.delivery != .body { try cookieGuard.checkLogin(call.request) }
        if login.delivery != .body { login.replaced = sessionOfCookie(in: call.request.head) }
        return login
    }

    /// Returns the session of the cookie that the answer's cookie takes the place of, if it is one of ours.
    ///
    /// Whatever else stands there is no reason to refuse a login, which replaces it.
    private func sessionOfCookie(in head: RequestHead) -> String? {
        guard let cookie = try? configuration.cookies.refreshToken(in: head) else { return nil }
        return keys.current.refreshTokens.decode(cookie)?.sessionID
    }

    private func checkPassword(of account: Account?, named name: String, _ login: LoginRequest, _ call: Call) {
        guard let check = try? decoys.check(login.password, of: account, named: name) else {
            return call.complete(with: .failure(.internal))
        }
        let admission = lanes.verify(check, for: .stranger) { result in
            switch result {
            case .success(.wrong):
                refuse(call, account, account == nil ? .unknownAccount : .wrongPassword)
            case .success(.right(let replacement)):
                guard let account else { return call.complete(with: .failure(.internal)) }
                guard account.disabledAt == nil else { return refuse(call, account, .disabledAccount) }
                upgrade(account, to: replacement, from: check.stored)
                openSession(of: account, login, call)
            case .failure(let error):
                call.fail(error, events.loginOverloaded)
            }
        }
        call.failUnlessAccepted(admission, events.loginOverloaded)
    }

    /// Stores a hash of the live parameters instead of one of others, or the scheme that an older release did not write.
    ///
    /// If that fails, the next login tries again.
    private func upgrade(_ account: Account, to replacement: PasswordHash?, from stored: PasswordHash) {
        let password: StoredPassword
        if let replacement {
            guard let sealed = try? passwords.stored(replacement, account: account.id) else { return }
            password = sealed
        } else {
            guard account.scheme != stored.kind.text else { return }
            password = StoredPassword(sealed: account.password, scheme: stored.kind.text)
        }
        store.replacePassword(account.password, with: password, ofAccount: account.id) { _ in }
    }

    private func refuse(_ call: Call, _ account: Account?, _ reason: LoginFailure) {
        events.loginFailed(call.request, account: account?.id, reason: reason)
        call.complete(with: .failure(.wrongCredentials))
    }

    private func openSession(of account: Account, _ login: LoginRequest, _ call: Call) {
        guard login.audience.allSatisfy({ configuration.tokens.allows($0, holding: account.roles) }) else {
            return call.complete(with: .failure(.invalidTarget))
        }
        let holds = { (asked: String) in account.roles.contains { $0.hasSameBytes(as: asked) } }
        if let roles = login.roles, !roles.allSatisfy(holds) {
            return call.complete(with: .failure(.invalidScope))
        }
        let client = configuration.trustedProxies.client(of: call.request)
        var opening = SessionOpening(
            id: Base64URL.encode(SecureRandom.bytes(16)), accountID: account.id, accountEpoch: account.epoch,
            audience: login.audience, roles: login.roles, delivery: login.delivery, label: login.label,
            network: ClientNetwork(client)?.description, lifetimes: configuration.sessions,
            maximumPerAccount: configuration.maximumSessionsPerAccount, hasStatus: configuration.status != nil)
        opening.replaced = login.replaced
        store.openSession(opening, at: now()) { result in
            switch result {
            // The account as it is now: a role may have been taken away while the password was hashed.
            case .success(.opened(let session, let account, let ended)):
                events.sessionsEnded(
                    ended.map { EndedSession(id: $0, accountID: account.id, cause: .revoked) }, call.request)
                events.login(call.request, account: account.id, session: session.id)
                tokens.answer(
                    call, session: session, account: account, delivery: session.delivery, isNew: true,
                    replacing: login.replaced)
            case .success(.accountChanged):
                refuse(call, account, .accountChanged)
            case .failure(let error):
                call.fail(error, events)
            }
        }
    }
}

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
/// and an over-long name or password cost that one hash as well, and get the same answer.
struct LoginEndpoint: Endpoint {
    private let configuration: ServiceConfiguration
    private let store: any Store
    private let lanes: PasswordLanes
    private let passwords: PasswordSeal
    private let keys: LiveKeys
    private let tokens: TokenResponder
    private let cookieGuard: CookieGuard
    private let events: EventLog
    private let now: @Sendable () -> UnixTime

    init(_ dependencies: Dependencies, _ tokens: TokenResponder, _ cookieGuard: CookieGuard) {
        configuration = dependencies.configuration
        store = dependencies.store
        lanes = dependencies.lanes
        passwords = dependencies.passwords
        keys = dependencies.keys
        events = dependencies.events
        now = dependencies.now
        self.tokens = tokens
        self.cookieGuard = cookieGuard
    }

    func check(_ head: RequestHead) throws(ServiceError) {
        try RequestMembers.checkType(of: head)
    }

    func answer(_ call: Call) throws(ServiceError) -> Outcome {
        let login = try LoginRequest(RequestMembers(of: call.request), configuration)
        // Else another page could log its visitors in as somebody of its own.
        if login.delivery != .body { try cookieGuard.checkLogin(call.request) }
        try keys.requireFresh()
        guard let name = try? AccountName(login.username) else {
            checkPassword(of: nil, login, call)  // No account can have this name.
            return .pending
        }
        store.account(nameKey: name.key) { result in
            switch result {
            case .success(let account): checkPassword(of: account, login, call)
            case .failure(let error): call.fail(error, events)
            }
        }
        return .pending
    }

    private func checkPassword(of account: Account?, _ login: LoginRequest, _ call: Call) {
        var hash: PasswordHash?
        if let account {
            guard let stored = try? passwords.open(account.password, account: account.id) else {
                return call.complete(with: .failure(.internal))
            }
            hash = stored
        }
        let check = PasswordCheck(login.password, against: hash, upgrades: account?.disabledAt == nil)
        let admission = lanes.verify(check, for: .stranger) { result in
            switch result {
            case .success(.wrong):
                refuse(call, account, account == nil ? .unknownAccount : .wrongPassword)
            case .success(.right(let replacement)):
                guard let account else { return call.complete(with: .failure(.internal)) }
                guard account.disabledAt == nil else { return refuse(call, account, .disabledAccount) }
                if let replacement { upgrade(account, to: replacement) }
                openSession(of: account, login, call)
            case .failure(let error):
                call.fail(error, events.loginOverloaded)
            }
        }
        call.failUnlessAccepted(admission, events.loginOverloaded)
    }

    /// Stores a hash of the live parameters instead of one of others.
    ///
    /// If that fails, the next login tries again.
    private func upgrade(_ account: Account, to hash: PasswordHash) {
        guard let sealed = try? passwords.seal(hash, account: account.id) else { return }
        store.replacePassword(account.password, with: sealed, ofAccount: account.id) { _ in }
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
        let opening = SessionOpening(
            id: Base64URL.encode(SecureRandom.bytes(16)), accountID: account.id, accountEpoch: account.epoch,
            audience: login.audience, roles: login.roles, delivery: login.delivery, label: login.label,
            network: ClientNetwork(client)?.description, lifetimes: configuration.sessions,
            maximumPerAccount: configuration.maximumSessionsPerAccount, hasStatus: configuration.status != nil)
        store.openSession(opening, at: now()) { result in
            switch result {
            // The account as it is now: a role may have been taken away while the password was hashed.
            case .success(.opened(let session, let account, let ended)):
                events.sessionsEnded(
                    ended.map { EndedSession(id: $0, accountID: account.id, cause: .revoked) }, call.request)
                events.login(call.request, account: account.id, session: session.id)
                tokens.answer(call, session: session, account: account, delivery: session.delivery, isNew: true)
            case .success(.accountChanged):
                refuse(call, account, .accountChanged)
            case .failure(let error):
                call.fail(error, events)
            }
        }
    }
}

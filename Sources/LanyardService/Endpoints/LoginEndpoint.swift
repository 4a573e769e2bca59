// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP
internal import LanyardStore

/// `POST /login`: credentials for tokens.
struct LoginEndpoint: Endpoint {
    private let configuration: ServiceConfiguration
    private let login: Login
    private let end: EndSessions
    private let live: LiveKeys
    private let keys: LoopKeys
    private let tokens: TokenResponder
    private let cookieGuard: CookieGuard
    private let callers: Callers

    init(
        _ dependencies: Dependencies, _ keys: LoopKeys, _ tokens: TokenResponder, _ cookieGuard: CookieGuard
    ) {
        configuration = dependencies.configuration
        login = Login(
            accounts: dependencies.store, sessions: dependencies.store, lanes: dependencies.lanes,
            passwords: dependencies.passwords, decoys: dependencies.decoys,
            policy: SessionPolicy(dependencies.configuration), now: dependencies.now)
        end = EndSessions(dependencies)
        live = dependencies.keys
        self.keys = keys
        self.tokens = tokens
        self.cookieGuard = cookieGuard
        callers = Callers(dependencies)
    }

    func check(_ head: RequestHead) throws(ServiceError) {
        try RequestMembers.checkType(of: head)
    }

    func answer(_ call: Call) async throws(ServiceError) -> Answer {
        var wanted = try request(of: call)
        try await live.requireFresh()
        if wanted.delivery != .body { wanted.replaced = sessionOfCookie(in: call.request.head) }
        let caller = callers.caller(of: call.request)
        let session: Session, account: Account
        do throws(LoginRefusal) {
            (session, account) = try await login(wanted, by: caller)
        } catch {
            throw ServiceError(error)
        }
        let respond = tokens.responding(
            to: call.request, session: session, account: account, delivery: session.delivery,
            // A role was taken away while the password was hashed.
            withoutAudience: .invalidTarget)
        return .workThen(respond) { [replaced = wanted.replaced] made throws(ServiceError) in
            guard case .success(let response) = made else {
                // Nobody has a token of the new session.
                _ = try? await end(.one(id: session.id, account: nil), .revoked, by: caller)
                return try made.get()
            }
            if let replaced {
                _ = try await asServiceError(await end(.one(id: replaced, account: nil), .replaced, by: caller))
            }
            return response
        }
    }

    private func request(of call: Call) throws(ServiceError) -> LoginRequest {
        // Before the first wait: the password is in what is returned alone from here on.
        defer { call.request.wipeContent() }
        let wanted = try LoginRequest(RequestMembers(of: call.request), configuration)
        // Else another page could log its visitors in as somebody of its own.
        if wanted.delivery != .body { try cookieGuard.checkLogin(call.request) }
        return wanted
    }

    /// Returns the session of the cookie that the answer's cookie takes the place of, if it is one of ours.
    ///
    /// Whatever else stands there is no reason to refuse a login, which replaces it.
    private func sessionOfCookie(in head: RequestHead) -> String? {
        guard let cookie = try? configuration.cookies.refreshToken(in: head) else { return nil }
        return keys.current.refreshTokens.decode(cookie)?.sessionID
    }
}

extension EndSessions {
    init(_ dependencies: Dependencies) {
        self.init(
            sessions: dependencies.store, lifetimes: dependencies.configuration.sessions, now: dependencies.now)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardHTTP
internal import LanyardStore

/// Answers a login or a refresh that succeeded with its tokens.
struct TokenResponder: Sendable {
    private let keys: LoopKeys
    private let events: EventLog
    private let lifetimes: SessionLifetimes
    private let cookies: SessionCookies
    private let requiresAccessToken: Bool
    private let configuration: ServiceConfiguration.Tokens
    private let now: @Sendable () -> UnixTime

    init(_ dependencies: Dependencies, _ keys: LoopKeys) {
        self.keys = keys
        events = dependencies.events
        lifetimes = dependencies.configuration.sessions
        cookies = dependencies.configuration.cookies
        requiresAccessToken = dependencies.configuration.requiresAccessToken
        configuration = dependencies.configuration.tokens
        now = dependencies.now
    }

    /// Prepares the response with tokens of `session`.
    ///
    /// - Parameters:
    ///   - request: What is answered.
    ///   - session: The session after the decision.
    ///   - account: Its account.
    ///   - delivery: How the tokens are handed out.
    ///   - refusal: What it means if the account may request none of the audience any more.
    ///   - kept: The refresh token that was presented, if it stays: it is given back as it came, also where the key that made
    ///     it makes no more. In a cookie it is not: a late answer would put it in the place of a newer one.
    /// - Returns: What makes the response, which takes a core for the signature.
    func responding(
        to request: Request, session: Session, account: Account, delivery: Session.Delivery,
        withoutAudience refusal: ServiceError, keeping kept: String? = nil
    ) -> @Sendable () throws(ServiceError) -> Response {
        { () throws(ServiceError) -> Response in
            let issuer = try keys.issuer
            let now = now()
            let sessionEnd = session.createdAt + lifetimes.absolute
            // The row keeps what was requested at login: a role that is given back counts again.
            var permitted = session
            permitted.audience = configuration.permitted(session.audience, holding: account.roles)
            guard !permitted.audience.isEmpty else { throw refusal }
            guard
                let (token, expires) = try? issuer.token(for: permitted, of: account, sessionEnd: sessionEnd, at: now)
            else { throw .internal }
            // A token of no whole second is none: the session ends now.
            guard expires.seconds > now.seconds else { throw .invalidGrant }
            try Self.check(token, delivery)
            events.metrics.tokensIssued.count(issuer.algorithm)
            let refresh = RefreshToken(sessionID: session.id, generation: session.current)
            let tokens = Tokens(
                access: token, expiresIn: expires.seconds - now.seconds,
                refresh: kept ?? keys.current.refreshTokens.encode(refresh), isKept: kept != nil,
                refreshExpiresIn: max(0, lifetimes.end(of: session).at.seconds - now.seconds))
            var response: Response
            // Who asks for the bare token and wants it in a cookie gets it in the cookie.
            if delivery != .cookies, AcceptField(request.head).prefers("application/jwt") {
                response = Response(bareToken: token)
            } else {
                response = Response(json: body(tokens, delivery))
            }
            response.fields += fields(tokens, delivery)
            return response
        }
    }

    /// What is handed out.
    private struct Tokens {
        let access: [UInt8]
        let expiresIn: Int64
        let refresh: String
        let isKept: Bool
        let refreshExpiresIn: Int64
    }

    private static func check(_ token: [UInt8], _ delivery: Session.Delivery) throws(ServiceError) {
        try AccessTokenIssuer.checkLength(of: token)
        guard delivery != .cookies || token.count <= SessionCookies.maximumTokenBytes else {
            throw .invalidRequest(
                "The access token is too long for a cookie; ask for less in audience and roles, or for delivery cookie."
            )
        }
    }

    private func body(_ tokens: Tokens, _ delivery: Session.Delivery) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_536)
        writer.beginObject()
        if delivery != .cookies {
            writer.name("access_token")
            writer.string(ascii: tokens.access)
        }
        writer.member("token_type", "Bearer")
        writer.member("expires_in", tokens.expiresIn)
        writer.member("refresh_after", Self.refreshAfter(tokens.expiresIn))
        if delivery == .body { writer.member("refresh_token", tokens.refresh) }
        writer.member("refresh_expires_in", tokens.refreshExpiresIn)
        writer.endObject()
        return writer.finish()
    }

    private func fields(_ tokens: Tokens, _ delivery: Session.Delivery) -> [Response.Field] {
        var fields: [Response.Field] = []
        if delivery != .body, !tokens.isKept {
            fields.append(cookies.settingRefreshToken(tokens.refresh, maxAge: tokens.refreshExpiresIn))
        }
        if delivery == .cookies {
            // Where a refresh needs it, expired or not, it must not be forgotten before.
            let maxAge = requiresAccessToken ? tokens.refreshExpiresIn : tokens.expiresIn
            fields.append(cookies.settingAccessToken(tokens.access, maxAge: maxAge))
        }
        return fields
    }

    /// Two thirds of the lifetime, less up to a tenth of it by chance: clients that logged in together do not come
    /// back together.
    static func refreshAfter(_ expiresIn: Int64) -> Int64 {
        expiresIn * 2 / 3 - Int64.random(in: 0...(expiresIn / 10))
    }
}

extension Response {
    /// Answers with an access token and nothing else.
    init(bareToken token: [UInt8]) {
        self.init(
            status: 200, fields: [.init("Content-Type", "application/jwt"), .init("Cache-Control", "no-store")],
            body: token)
    }
}

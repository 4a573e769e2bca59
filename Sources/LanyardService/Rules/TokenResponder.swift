// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardHTTP
internal import LanyardStore

/// Answers a login or a refresh that succeeded with its tokens.
struct TokenResponder: Sendable {
    private let keys: LoopKeys
    private let metrics: Metrics
    private let lifetimes: SessionLifetimes
    private let now: @Sendable () -> UnixTime

    init(_ dependencies: Dependencies, _ keys: LoopKeys) {
        self.keys = keys
        metrics = dependencies.events.metrics
        lifetimes = dependencies.configuration.sessions
        now = dependencies.now
    }

    /// Completes `call` with tokens of `session`; the signature is made on the loop, one a turn.
    ///
    /// - Parameters:
    ///   - call: What is answered.
    ///   - session: The session after the decision.
    ///   - account: Its account.
    ///   - kept: The refresh token that was presented, if it stays: it is given back as it came, also where the key that made
    ///     it makes no more.
    func answer(_ call: Call, session: Session, account: Account, keeping kept: String? = nil) {
        call.complete { () throws(ServiceError) in
            let issuer = try keys.issuer
            let now = now()
            let sessionEnd = session.createdAt + lifetimes.absolute
            guard
                let (token, expires) = try? issuer.token(for: session, of: account, sessionEnd: sessionEnd, at: now)
            else { throw .internal }
            // A token of no whole second is none: the session ends now.
            guard expires.seconds > now.seconds else { throw .invalidGrant }
            guard token.count <= AccessTokenIssuer.maximumBytes else {
                throw .invalidRequest("The access token would be over its limit; ask for less in audience and roles.")
            }
            metrics.tokensIssued.count(issuer.algorithm)
            if AcceptField(call.request.head).prefers("application/jwt") {
                return Response(
                    status: 200,
                    fields: [.init("Content-Type", "application/jwt"), .init("Cache-Control", "no-store")],
                    body: token)
            }
            return Response(json: body(token, expires: expires, session: session, kept, at: now))
        }
    }

    private func body(
        _ token: [UInt8], expires: UnixTime, session: Session, _ kept: String?, at now: UnixTime
    ) -> [UInt8] {
        let expiresIn = expires.seconds - now.seconds
        let refresh = RefreshToken(sessionID: session.id, generation: session.current)
        var writer = JSONWriter(capacity: 1_536)
        writer.beginObject()
        writer.name("access_token")
        writer.string(ascii: token)
        writer.member("token_type", "Bearer")
        writer.member("expires_in", expiresIn)
        writer.member("refresh_after", Self.refreshAfter(expiresIn))
        writer.member("refresh_token", kept ?? keys.current.refreshTokens.encode(refresh))
        writer.member("refresh_expires_in", max(0, lifetimes.end(of: session).at.seconds - now.seconds))
        writer.endObject()
        return writer.finish()
    }

    /// Two thirds of the lifetime, less up to a tenth of it by chance: clients that logged in together do not come
    /// back together.
    static func refreshAfter(_ expiresIn: Int64) -> Int64 {
        expiresIn * 2 / 3 - Int64.random(in: 0...(expiresIn / 10))
    }
}

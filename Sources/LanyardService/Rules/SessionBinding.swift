// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP
internal import LanyardVerifier

/// Ties a refresh to an access token of its session, where one is presented or the settings ask for one.
///
/// A thief of the refresh token alone cannot go on then. The access token may have expired: that is when clients refresh.
struct SessionBinding: Sendable {
    private let verifier: Verifier
    private let isRequired: Bool
    private let cookies: SessionCookies
    private let now: @Sendable () -> UnixTime

    init(_ dependencies: Dependencies) {
        verifier = Verifier(
            rules: VerificationRules(ownTokensUnder: dependencies.configuration, audiences: nil, expiryLeeway: nil))
        isRequired = dependencies.configuration.requiresAccessToken
        cookies = dependencies.configuration.cookies
        now = dependencies.now
    }

    /// Checks that the token of `head`, if it has one, is signed by one of `keys` and of the session with this id.
    ///
    /// - Returns: Why the refresh must be refused, for the log; `nil` if it need not.
    func objection(to head: RequestHead, session id: String, keys: KeySet) throws(ServiceError) -> String? {
        guard let presented = try presented(head) else { return isRequired ? "access_token_missing" : nil }
        do throws(TokenError) {
            let token = try verifier.verify(
                UnverifiedToken(presented.token), keys: keys, at: NumericDate(now()))
            guard let session = token.sessionID, session.utf8.elementsEqual(id.utf8) else {
                return "access_token_of_another_session"
            }
            return nil
        } catch {
            return "access_token_\(error.word)"
        }
    }

    /// A cookie counts where there must be a token; else it may be a leftover of another session, which is no reason to refuse.
    private func presented(_ head: RequestHead) throws(ServiceError) -> PresentedToken? {
        isRequired ? try PresentedToken(head, or: cookies) : BearerField(head).map(PresentedToken.init)
    }
}

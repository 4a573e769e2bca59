// SPDX-License-Identifier: Apache-2.0

package import LanyardHTTP
package import LanyardPasswords
package import LanyardStore

/// Everything that a request can mean and that is not granted.
///
/// ``LanyardHTTP/Response`` answers each in one place.
package enum APIError: Error, Equatable, Sendable {
    // Theirs.

    /// The body is not what the endpoint reads; the sentence says what is wrong, and repeats nothing secret.
    case invalidRequest(String)
    /// An audience that the settings do not allow.
    case invalidTarget
    /// A role that the account or the client does not hold.
    case invalidScope
    /// Unknown account, wrong password, disabled account, over-long name or password: one answer.
    case wrongCredentials
    /// A refresh token that is unknown, expired, revoked, reused or forged.
    case invalidGrant
    /// An access token that is bad, expired, or of another session.
    case invalidToken
    /// No access token where one is needed.
    case unauthenticated
    /// A new password that the policy refuses.
    case password(PasswordPolicyError)
    /// A client that is unknown, has not authenticated itself, or has the wrong secret (RFC 6749 §5.2): one answer.
    case invalidClient
    /// A client that may not use the grant type (RFC 6749 §5.2).
    case unauthorizedClient
    /// A token that cannot be revoked (RFC 7009 §2.2.1).
    case unsupportedTokenType
    /// Too many failed tries; how long until the next one counts.
    case rateLimited(seconds: Int64)
    /// A grant type that the token endpoint does not know.
    case unsupportedGrantType
    /// A scope, which is more than was granted: there are none (RFC 6749 §6).
    case scopeNotGranted
    /// A preflight from an origin that is not allowed, or a cookie that its page may not use.
    case originNotAllowed
    /// A cookie that a page on another site presents, which no setting allows.
    case siteNotAllowed
    /// A role that `/verify` was asked for and the token does not carry, or its account no longer holds.
    case insufficientRole
    /// An audience that `/verify` was asked for and the token does not have.
    case otherAudience
    /// A query that `/verify` does not understand, so that nobody knows what it should ask for.
    case unreadableQuery
    /// No route has this path.
    case notFound
    /// The route has other methods.
    case methodNotAllowed(allow: String)
    /// The body is of a type that the endpoint does not read.
    case unsupportedMediaType
    /// The body is no form, and the endpoint reads nothing else.
    case formExpected
    /// The body is compressed, which no endpoint reads.
    case unsupportedContentCoding
    /// The client wants a representation of a document that is not the one there is.
    case preconditionFailed
    /// The client accepts no representation that there is; the sentence names those.
    case notAcceptable(String)
    /// The request asks for something that the service does not do; the sentence says what.
    case notImplemented(String)
    /// A refresh whose client had closed its side of the connection before the decision.
    case abandoned
    /// Bytes that are not a request, or a limit of the server.
    case refused(RequestError)

    // The world's.

    /// More passwords wait to be hashed than the queue holds.
    case overloaded
    /// What the request needs of the store is not there yet, or not recent enough to hand out.
    case storeUnavailable
    /// The store did not make its step; answered as ``storeUnavailable``, and logged with the reason.
    case storeFailed(StoreError)
    /// The keys were not read recently, and could not be read now.
    case staleKeys
    /// The process is about to end.
    case draining

    // Ours.

    /// A bug; the log has the request id.
    case `internal`

    init(_ error: StoreError) {
        switch error {
        case .unavailable, .full, .cannotCreate, .permissionDenied, .damaged, .newerSchema: self = .storeFailed(error)
        case .conflict, .notFounded: self = .internal
        }
    }
}

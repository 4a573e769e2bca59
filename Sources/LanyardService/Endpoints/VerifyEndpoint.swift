// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardHTTP
internal import LanyardStore
internal import LanyardVerifier

/// `/verify`: tells a proxy whether to pass a request on, and who asks.
///
/// A proxy repeats the fields of the request that it holds back, with a method and a path of its own or of the request. Nothing is
/// decided by those but whether a cookie needs a page that may use it.
struct VerifyEndpoint: Endpoint {
    private let tokens: ServiceConfiguration.Tokens
    private let cookies: SessionCookies
    private let cookieGuard: CookieGuard
    private let authentication: Authentication
    private let inspection: TokenInspection
    private let events: EventLog
    private let paths: [String]

    init(
        _ dependencies: Dependencies, _ authentication: Authentication, _ inspection: TokenInspection,
        _ cookieGuard: CookieGuard
    ) {
        let configuration = dependencies.configuration
        tokens = configuration.tokens
        cookies = configuration.cookies
        paths = [Self.path, configuration.issuer.path + Self.path]
        self.cookieGuard = cookieGuard
        self.authentication = authentication
        self.inspection = inspection
        events = dependencies.events
    }

    /// The path below the issuer.
    static let path = "/verify"

    func answer(_ call: Call) async throws(ServiceError) -> Answer {
        let token = try await authentication.verified(presented(call.request), call)
        let query: VerifyQuery
        do throws(ServiceError) {
            query = try VerifyQuery(call.request.head.target, endpointPaths: paths)
            try check(token.audience, against: query.audiences)
        } catch {
            let shortfall: VerifyShortfall = error == .otherAudience ? .audience : .query
            events.record(.verifyRefused(account: token.subject, session: token.sessionID, shortfall), call.request)
            throw error
        }
        let principal = try await principal(of: token, call)
        guard query.roles.allSatisfy({ role in principal.roles.contains { $0.hasSameBytes(as: role) } }) else {
            events.record(.verifyRefused(account: principal.subject, session: principal.sessionID, .role), call.request)
            throw .insufficientRole
        }
        return .response(Response(status: 204, fields: principal.fields))
    }

    /// Returns whom the token belongs to, if its session goes on, or the client that has it is still there.
    private func principal(of token: VerifiedToken, _ call: Call) async throws(ServiceError) -> Principal {
        if let named = authentication.session(namedBy: token) {
            return Principal(try await authentication.session(of: named, call), token)
        }
        guard let roles = try await inspection.roles(of: token) else {
            events.record(.accessRefused(account: token.subject, reason: "client_removed"), call.request)
            throw .invalidToken
        }
        return Principal(service: token, roles: roles)
    }

    /// Returns the token, with whichever method the proxy asks.
    private func presented(_ request: Request) throws(ServiceError) -> PresentedToken {
        let presented: PresentedToken?
        do throws(ServiceError) {
            presented = try PresentedToken(request.head, or: cookies)
        } catch {
            // Two cookies of one name: proxies make their own failure of 400.
            events.record(.accessRefused(reason: "cookie_invalid"), request)
            throw .invalidToken
        }
        guard let presented else { throw .unauthenticated }
        if presented.isCookie, !request.head.isSafeAtItsOrigin { try cookieGuard.check(request, isOriginTold: false) }
        return presented
    }

    private func check(_ audience: [String], against asked: [String]) throws(ServiceError) {
        let has = { (name: String) in audience.contains { $0.hasSameBytes(as: name) } }
        guard asked.isEmpty ? tokens.everyAudience.contains(where: has) : asked.allSatisfy(has) else {
            throw .otherAudience
        }
    }
}

extension RequestHead {
    /// Whether the method of the request that a proxy holds back only reads (RFC 9110 §9.2.1).
    ///
    /// Two proxies that name different methods leave it open; so does a method that is not known.
    fileprivate var isSafeAtItsOrigin: Bool {
        let named = ["x-forwarded-method", "x-original-method"].flatMap(values(of:))
        guard let first = named.first else { return method.isSafe }
        guard named.allSatisfy({ $0 == first }) else { return false }
        return LanyardHTTP.Method(rawValue: String(decoding: first, as: UTF8.self))?.isSafe ?? false
    }
}

/// Whom a proxy passes a request on for.
private struct Principal {
    let subject: String
    let username: String
    let roles: [String]
    let sessionID: String?

    /// The account of a session: its name as it is now, and those roles of the token that it still holds.
    init(_ owned: SessionOwned, _ token: VerifiedToken) {
        subject = owned.account.id
        username = owned.account.name
        roles = token.roles(heldIn: owned.account.roles)
        sessionID = owned.session.id
    }

    /// A service, which is its own subject.
    init(service token: VerifiedToken, roles: [String]) {
        subject = token.subject
        username = token.subject
        self.roles = roles
        sessionID = nil
    }

    var fields: [Response.Field] {
        var fields = [
            Response.Field("X-Auth-Subject", subject),
            Response.Field("X-Auth-Username", username.percentEncoded),
            Response.Field("X-Auth-Roles", roles.joined(separator: ",")),
        ]
        if let sessionID { fields.append(Response.Field("X-Auth-Session", sessionID)) }
        return fields + [Response.Field("Cache-Control", "no-store")]
    }
}

extension String {
    /// The text as UTF-8 in which only unreserved characters stand for themselves (RFC 3986 §2.1, §2.3).
    fileprivate var percentEncoded: String {
        var encoded: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(byte)
            default:
                encoded.append(UInt8(ascii: "%"))
                encoded += [byte].hexadecimal.uppercased().utf8
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}

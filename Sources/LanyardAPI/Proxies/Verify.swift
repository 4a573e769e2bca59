// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardStore
internal import LanyardVerifier
internal import LanyardWeb

/// `/verify`: tells a proxy whether to pass a request on, and who asks.
///
/// A proxy repeats the fields of the request that it holds back, with a method and a path of its own or of the request. Nothing is
/// decided by those but whether a cookie needs a page that may use it.
struct Verify: Endpoint {
    private let context: EndpointContext
    /// The endpoint itself, whose query is the operator's.
    private let paths: [String]

    init(context: EndpointContext) {
        self.context = context
        paths = [Self.path, context.configuration.issuer.path + Self.path]
    }

    let operation = Operation("Check a token for a proxy", gives: .none, status: 204)

    /// The path below the issuer.
    static let path = "/verify"

    var errorForm: ErrorForm { .proxy }

    func answer(_ call: Call) async throws(APIError) -> Answer {
        let token = try await context.authentication.verify(presented(call), audience: .any, call)
        let query: VerifyQuery
        do throws(APIError) {
            query = try VerifyQuery(call.request.head.target, endpointPaths: paths)
            try check(token.audiences, against: query.audiences)
        } catch {
            let shortfall: VerifyShortfall = error == .otherAudience ? .audience : .query
            context.log.record(
                .verifyRefused(subject: token.subject, session: token.session, shortfall), call.request)
            throw error
        }
        let standing = try await context.authentication.standing(of: token, call)
        let roles = standing.roles(of: token) ?? []
        guard query.roles.isSubset(of: roles) else {
            context.log.record(
                .verifyRefused(subject: token.subject, session: token.session, .role), call.request)
            throw .insufficientRole
        }
        return .response(Response(status: 204, fields: fields(of: token, standing, roles)))
    }

    /// Names the account of a session as it is now, and those roles of the token that it still holds; or a service, which is its
    /// own subject.
    private func fields(of token: VerifiedToken, _ standing: Standing, _ roles: Roles) -> [Response.Field] {
        var username = token.subject
        if case .session(let owned) = standing { username = owned.account.name }
        var fields = [
            Response.Field("X-Auth-Subject", token.subject),
            Response.Field("X-Auth-Username", username.percentEncoded),
            Response.Field("X-Auth-Roles", roles.joined(separator: ",")),
        ]
        if let sessionID = token.sessionID { fields.append(Response.Field("X-Auth-Session", sessionID)) }
        return fields + [Response.Field("Cache-Control", "no-store")]
    }

    /// Returns the token, with whichever method the proxy asks.
    private func presented(_ call: Call) throws(APIError) -> PresentedToken {
        let request = call.request
        let presented: PresentedToken?
        do throws(APIError) {
            presented = try PresentedToken(request.head, or: context.configuration.cookies)
        } catch {
            // Two cookies of one name: proxies make their own failure of 400.
            context.log.record(.accessRefused(reason: "cookie_invalid"), request)
            throw .invalidToken
        }
        guard let presented else { throw .unauthenticated }
        if presented.isCookie, !request.head.isSafeAtItsOrigin {
            try context.cookieGuard.check(call, isOriginTold: false)
        }
        return presented
    }

    private func check(_ audiences: Audiences, against asked: Audiences) throws(APIError) {
        let isAsked =
            asked.isEmpty
            ? audiences.contains(where: context.configuration.policies.tokens.serves) : asked.isSubset(of: audiences)
        guard isAsked else { throw .otherAudience }
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

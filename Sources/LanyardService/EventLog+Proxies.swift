// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP
internal import Logging

/// What is told of cookies that do not count, and of what proxies are answered.
extension EventLog {
    /// Tells that a page may not use the cookies of its request.
    func cookieRefused(_ page: RequestingPage, _ request: Request) {
        let origin =
            switch page.origin {
            case .none: "none"
            case .own(let origin), .allowed(let origin), .refused(let origin): origin
            }
        switch page.site {
        case .crossSite:
            originRefused(
                origin, request, reason: "other_site", hasSetting: false,
                "a page on another site cannot use cookies, and no setting allows it; use delivery body there")
        case .sameOrigin, .sameSite:
            originRefused(origin, request, reason: "sec_fetch_site_same-site")
        case .user, .unknown:
            originRefused(
                origin, request, reason: "sec_fetch_site_\(page.site?.rawValue ?? "")", hasSetting: false,
                "this request does not come from a page that may use cookies")
        case nil where page.origin == .none:
            originRefused(
                origin, request, reason: "no_origin", hasSetting: false,
                "a cookie without Origin and Sec-Fetch-Site counts for nothing but reading; send the token in the body")
        case nil:
            originRefused(origin, request, reason: "cookie")
        }
    }

    /// Tells why a good token does not suffice.
    func verifyRefused(_ request: Request, account: String, session: String?, _ error: ServiceError) {
        let reason: String
        switch error {
        case .insufficientRole: reason = "role"
        case .otherAudience: reason = "audience"
        case .unreadableQuery: reason = "query"
        default: return  // Told where it is known.
        }
        tell(
            .info, "verify_refused", "the access token is not enough for what the proxy asks", request,
            account: account, session: session, reason: reason, status: 403)
    }
}

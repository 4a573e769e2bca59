// SPDX-License-Identifier: Apache-2.0

internal import LanyardCore
internal import LanyardHTTP
internal import LanyardWeb

/// Lets the cookies of a request count, or refuses it and tells the log.
struct CookieGuard: Sendable {
    let log: RequestLog

    /// Throws unless the cookies of `call` count for what it changes.
    ///
    /// - Parameters:
    ///   - call: The request.
    ///   - isOriginTold: Whether the log is told of an origin that is not allowed by the answer, as it is for whatever pages may ask.
    /// - Throws: ``APIError/originNotAllowed``, or ``APIError/siteNotAllowed``.
    func check(_ call: Call, isOriginTold: Bool = true) throws(APIError) {
        let page = call.page
        if !page.mayUseCookies { try refuse(page, call.request, isOriginTold: isOriginTold) }
    }

    /// Throws unless the cookies of `call` count for what it reads.
    func checkReading(_ call: Call) throws(APIError) {
        let page = call.page
        if !page.mayReadByCookies { try refuse(page, call.request, isOriginTold: true) }
    }

    /// Throws if a page asks for cookies that may not use them.
    func checkLogin(_ call: Call) throws(APIError) {
        let page = call.page
        if page.isSaid, !page.mayUseCookies { try refuse(page, call.request, isOriginTold: true) }
    }

    private func refuse(_ page: RequestingPage, _ request: Request, isOriginTold: Bool) throws(APIError) {
        let isOnOtherSite = page.site == .crossSite
        // The setting that the log names for an origin would not help a page on another site.
        let isTold = if case .refused = page.origin { isOriginTold && !isOnOtherSite } else { false }
        if !isTold { log.record(Event(refusing: page), request) }
        throw isOnOtherSite ? .siteNotAllowed : .originNotAllowed
    }
}

extension Event {
    /// A page may not use the cookies of its request.
    fileprivate init(refusing page: RequestingPage) {
        let origin =
            switch page.origin {
            case .none: "none"
            case .own(let origin), .allowed(let origin), .refused(let origin): origin
            }
        let refusal: OriginRefusal =
            switch page.site {
            case .crossSite: .otherSite
            case .sameOrigin, .sameSite: .sameSite
            case .user, .unknown: .noPage(site: page.site?.rawValue ?? "")
            case nil: page.origin == .none ? .unsaid : .cookie
            }
        self = .originRefused(origin: origin, refusal)
    }
}

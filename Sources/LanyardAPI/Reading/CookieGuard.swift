// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardWeb

/// Lets the cookies of a request count, or refuses it and tells the log.
struct CookieGuard: Sendable {
    private let allowedOrigins: Replaceable<AllowedOrigins>
    private let own: [UInt8]
    private let log: RequestLog

    init(_ dependencies: Dependencies) {
        allowedOrigins = dependencies.allowedOrigins
        own = Array(dependencies.configuration.issuer.origin.utf8)
        log = dependencies.log
    }

    /// Returns where `head` comes from, by the origins that are allowed now.
    func page(of head: RequestHead) -> RequestingPage {
        RequestingPage(head, CrossOriginRules(allowed: allowedOrigins.current, own: own))
    }

    /// Throws unless the cookies of `request` count for what it changes.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - isOriginTold: Whether the log is told of an origin that is not allowed by the answer, as it is for whatever pages may ask.
    /// - Throws: ``APIError/originNotAllowed``, or ``APIError/siteNotAllowed``.
    func check(_ request: Request, isOriginTold: Bool = true) throws(APIError) {
        try check(page(of: request.head), request, isOriginTold: isOriginTold)
    }

    /// Throws unless the cookies of `request` count for what it reads.
    func checkReading(_ request: Request) throws(APIError) {
        let page = page(of: request.head)
        if !page.mayReadByCookies { try refuse(page, request, isOriginTold: true) }
    }

    /// Throws if a page asks for cookies that may not use them.
    func checkLogin(_ request: Request) throws(APIError) {
        let page = page(of: request.head)
        if page.isSaid { try check(page, request, isOriginTold: true) }
    }

    private func check(_ page: RequestingPage, _ request: Request, isOriginTold: Bool) throws(APIError) {
        if !page.mayUseCookies { try refuse(page, request, isOriginTold: isOriginTold) }
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

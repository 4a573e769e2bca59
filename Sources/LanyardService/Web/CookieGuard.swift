// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP

/// Lets the cookies of a request count, or refuses it and tells the log.
struct CookieGuard: Sendable {
    private let allowedOrigins: Replaceable<AllowedOrigins>
    private let own: [UInt8]
    private let events: EventLog

    init(_ dependencies: Dependencies) {
        allowedOrigins = dependencies.allowedOrigins
        own = Array(dependencies.configuration.issuer.origin.utf8)
        events = dependencies.events
    }

    /// Returns where `head` comes from, by the origins that are allowed now.
    func page(of head: RequestHead) -> RequestingPage {
        RequestingPage(head, CrossOriginRules(allowed: allowedOrigins.current, own: own))
    }

    /// Throws ``ServiceError/originNotAllowed`` unless the cookies of `request` count.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - isOriginTold: Whether the log has been told of an origin that is not allowed, as it is for whatever pages may ask.
    /// - Throws: ``ServiceError/originNotAllowed``.
    func check(_ request: Request, isOriginTold: Bool = true) throws(ServiceError) {
        try check(page(of: request.head), request, isOriginTold: isOriginTold)
    }

    /// Throws ``ServiceError/originNotAllowed`` if a page asks for cookies that may not use them.
    func checkLogin(_ request: Request) throws(ServiceError) {
        let page = page(of: request.head)
        if page.isSaid { try check(page, request, isOriginTold: true) }
    }

    private func check(_ page: RequestingPage, _ request: Request, isOriginTold: Bool) throws(ServiceError) {
        guard !page.mayUseCookies else { return }
        let isTold = if case .refused = page.origin { isOriginTold } else { false }
        if !isTold { events.cookieRefused(page, request) }
        throw .originNotAllowed
    }
}

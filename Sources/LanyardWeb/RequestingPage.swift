// SPDX-License-Identifier: Apache-2.0

package import LanyardHTTP

/// Which page a browser says a request comes from, and so whether the request may use the cookies that it carries.
///
/// A browser adds cookies to the requests of any page that it takes for the same site, wanted or not. So a cookie counts only
/// where the browser says that the page is the issuer's own or an allowed one (Fetch Metadata Request Headers §2.3; RFC 6454 §7).
package struct RequestingPage: Equatable {
    /// What `Sec-Fetch-Site` says.
    package enum Site: String {
        case sameOrigin = "same-origin"
        case sameSite = "same-site"
        case crossSite = "cross-site"
        /// The user asked for it: an address that was typed, a bookmark.
        case user = "none"
        /// What no browser says today.
        case unknown
    }

    /// `nil` if the browser does not say.
    package let site: Site?
    /// What `Origin` means.
    package let origin: CrossOriginRules.Verdict
    /// Whether anything says that a page asks; a program says neither.
    package let isSaid: Bool

    /// Reads the fields that no page can set (Fetch, "forbidden request-header").
    package init(_ head: RequestHead, _ rules: CrossOriginRules) {
        let named = head.value(of: "sec-fetch-site")
        site = named.map { Site(rawValue: String(decoding: $0, as: UTF8.self)) ?? .unknown }
        origin = rules.judge(head)
        isSaid = named != nil || origin != .none
    }

    /// Whether the cookies of a request count that only reads: a page on another site alone has no business here.
    package var mayReadByCookies: Bool { site != .crossSite }

    /// Whether the cookies of a request count that changes something.
    package var mayUseCookies: Bool {
        switch (site, origin) {
        case (.sameOrigin, _): true
        case (.sameSite, .allowed): true
        case (nil, .allowed), (nil, .own): true
        case (.sameSite, _), (.crossSite, _), (.user, _), (.unknown, _), (nil, _): false
        }
    }
}

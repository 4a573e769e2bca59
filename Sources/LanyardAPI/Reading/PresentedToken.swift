// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP
internal import LanyardWeb

/// The access token that a request presents, and how.
struct PresentedToken: Equatable {
    /// The token as it came.
    let token: [UInt8]
    /// Whether a browser added it by itself, so that it does not show that its user wanted the request.
    let isCookie: Bool

    /// Creates the token of `Authorization`.
    init(_ bearer: BearerField) {
        token = bearer.token
        isCookie = false
    }

    private init(cookie: [UInt8]) {
        token = cookie
        isCookie = true
    }

    /// Reads `Authorization`, or else the access cookie; `nil` if neither presents a token.
    init?(_ head: RequestHead, or cookies: SessionCookies) throws(APIError) {
        if let bearer = BearerField(head) {
            self.init(bearer)
        } else if let cookie = try cookies.accessToken(in: head) {
            self.init(cookie: cookie)
        } else {
            return nil
        }
    }
}

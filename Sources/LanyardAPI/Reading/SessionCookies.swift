// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP
internal import LanyardWeb

/// The two cookies of a browser's session: that with the refresh token, and that with the access token.
package struct SessionCookies: Sendable {
    /// The name of the cookie with the refresh token.
    package var name: String
    /// Which requests from pages of other sites carry the cookies: `Strict` or `Lax` (RFC 6265bis §5.6.7).
    package var sameSite: String
    /// Whether browsers send the cookies under TLS only.
    package var isSecure: Bool

    /// Creates cookies; by default those that nothing but this very host can set (RFC 6265bis §4.1.3.2).
    package init(name: String = "__Host-lanyard", sameSite: String = "Strict", isSecure: Bool = true) {
        self.name = name
        self.sameSite = sameSite
        self.isSecure = isSecure
    }

    /// The name of the cookie with the access token.
    package var accessName: String { name + "-access" }

    /// Returns the refresh token that a request presents in its cookie.
    func refreshToken(in head: RequestHead) throws(APIError) -> [UInt8]? {
        try value(of: name, in: head)
    }

    /// Returns the access token that a request presents in its cookie.
    func accessToken(in head: RequestHead) throws(APIError) -> [UInt8]? {
        try value(of: accessName, in: head)
    }

    private func value(of name: String, in head: RequestHead) throws(APIError) -> [UInt8]? {
        do throws(CookieError) {
            return try CookieField.value(of: name, in: head)
        } catch {
            throw APIError(error)
        }
    }

    /// The field that gives a browser its refresh token for so many seconds.
    func settingRefreshToken(_ token: String, maxAge: Int64) -> Response.Field {
        setting(name, to: token, maxAge: maxAge)
    }

    /// The field that gives a browser its access token for so many seconds.
    func settingAccessToken(_ token: [UInt8], maxAge: Int64) -> Response.Field {
        setting(accessName, to: String(decoding: token, as: UTF8.self), maxAge: maxAge)
    }

    /// The fields that make a browser forget both.
    var clearing: [Response.Field] { [name, accessName].map { setting($0, to: "", maxAge: 0) } }

    private func setting(_ name: String, to value: String, maxAge: Int64) -> Response.Field {
        let secure = isSecure ? "; Secure" : ""
        return Response.Field(
            "Set-Cookie", "\(name)=\(value); Path=/\(secure); HttpOnly; SameSite=\(sameSite); Max-Age=\(maxAge)")
    }

    /// The longest token that is put into a cookie, in bytes: browsers drop one whose name and value are over 4,096
    /// (RFC 6265bis §5.6).
    static let maximumTokenBytes = 3_800
}

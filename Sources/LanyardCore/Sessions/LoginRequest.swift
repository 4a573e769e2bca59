// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardPasswords
package import LanyardStore

/// What a login asks for.
package struct LoginRequest: Sendable {
    package let username: String
    package let password: Password
    /// What the token is for; the default is filled in.
    package var audience: Audiences
    /// Which roles the token shall carry; `nil` for all.
    package var roles: Roles?
    package var delivery = Session.Delivery.body
    package var label: String?
    /// The session of the browser that the new one takes the place of.
    package var replaced: SessionID?

    /// Creates a request for tokens of `audience` in the body of the response.
    package init(username: String, password: Password, audience: Audiences) {
        self.username = username
        self.password = password
        self.audience = audience
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardPasswords
internal import LanyardStore

/// What a login asks for.
struct LoginRequest: Sendable {
    let username: String
    let password: Password
    /// What the token is for; the default is filled in.
    let audience: [String]
    /// Which roles the token shall carry; `nil` for all.
    let roles: [String]?
    let delivery: Session.Delivery
    let label: String?
    /// The session of the browser that the new one takes the place of.
    var replaced: String?
}

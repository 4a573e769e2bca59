// SPDX-License-Identifier: Apache-2.0

/// What the audience of a session, as it was requested at login, is worth at a refresh.
package enum AudienceVerdict: Equatable, Sendable {
    /// The account may still request some of it.
    case permitted
    /// The account may request nothing of it any more, because of its roles.
    case lost
    /// This server issues no tokens for what is left of it; another one may.
    case notServed
}

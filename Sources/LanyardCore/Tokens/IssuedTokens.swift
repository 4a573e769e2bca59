// SPDX-License-Identifier: Apache-2.0

/// The tokens that a login, a refresh or a service client gets.
package struct IssuedTokens: Sendable {
    /// The access token in its compact form.
    package let access: [UInt8]
    /// How many seconds from now it expires.
    package let expiresIn: Int64
    /// The refresh token of its session; `nil` for a service client.
    package var refresh: Refresh?

    /// A refresh token.
    package struct Refresh: Sendable {
        /// The token.
        package let text: String
        /// Whether it is the one that was presented.
        package let isKept: Bool
        /// How many seconds from now it expires, unless it is used.
        package let expiresIn: Int64
    }

    /// How many seconds from now a client refreshes: two thirds of the lifetime, less up to a tenth of it by chance, so that
    /// clients that logged in together do not come back together.
    package var refreshAfter: Int64 { expiresIn * 2 / 3 - Int64.random(in: 0...(expiresIn / 10)) }
}

/// Why no tokens were issued.
package enum IssueRefusal: Error {
    /// The account may no longer request any of the session's audience.
    case audienceLost
    /// The session ends now: a token of no whole second is none.
    case sessionOver
    /// The token would be longer than verifiers are asked to take.
    case tooLong
    /// The keys were not read recently: another replica may have made another key the one that signs.
    case staleKeys
    /// libcrypto failed.
    case `internal`
}

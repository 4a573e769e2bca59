// SPDX-License-Identifier: Apache-2.0

internal import LanyardStore

/// What the settings say of sessions.
struct SessionPolicy: Sendable {
    /// Who may have which audience.
    let tokens: ServiceConfiguration.Tokens
    /// How long sessions last.
    let lifetimes: SessionLifetimes
    /// How many live sessions an account may have; one more ends the oldest.
    let maximumPerAccount: Int
    /// Whether sessions have an index in a status list.
    let hasStatus: Bool

    init(_ configuration: ServiceConfiguration) {
        tokens = configuration.tokens
        lifetimes = configuration.sessions
        maximumPerAccount = configuration.maximumSessionsPerAccount
        hasStatus = configuration.status != nil
    }
}

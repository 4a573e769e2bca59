// SPDX-License-Identifier: Apache-2.0

/// The settings of the protection against guessing: `abuse.*`.
package struct AbuseSettings: Sendable {
    /// Whether failures are counted at all.
    package let isEnabled: Bool
    /// Failures in a row of one account from one network before the first delay.
    package let freeTries: Int
    /// The first delay.
    package let firstDelay: Duration
    /// The longest delay; each is twice the one before up to here.
    package let longestDelay: Duration
    /// Failures from one network in an hour.
    package let networkFailures: Int
    /// Failures of one account in a day, from networks that it does not know.
    package let accountFailures: Int
    /// When a row of failures is forgotten.
    package let forgetting: Duration
    /// How long a network counts as known after a login.
    package let knownNetworks: Duration

    /// Reads the group.
    package init(from reader: inout SettingReader) throws(SettingsError) {
        isEnabled = try reader.read(.isEnabled, as: .boolean)
        freeTries = try reader.read(.freeTries, as: .integer(1...1_000_000))
        firstDelay = try reader.read(.firstDelay, as: .duration("1s", "365d"))
        longestDelay = try reader.read(.longestDelay, as: .duration("1s", "365d"))
        networkFailures = try reader.read(.networkFailures, as: .integer(1...1_000_000))
        accountFailures = try reader.read(.accountFailures, as: .integer(1...1_000_000))
        forgetting = try reader.read(.forgetting, as: .duration("1s", "365d"))
        knownNetworks = try reader.read(.knownNetworks, as: .duration("1s", "365d"))
    }
}

extension Setting {
    fileprivate static let isEnabled = Self(
        "abuse.enabled", default: "true", .reloads, help: "Whether failed logins are counted and slowed down.")
    fileprivate static let freeTries = Self(
        "abuse.free_tries", default: "5", .reloads,
        help: "Failures in a row, of one account from one network, before the first delay.")
    fileprivate static let firstDelay = Self(
        "abuse.first_delay", default: "30s", .reloads, help: "The first delay; each further one is twice as long.")
    fileprivate static let longestDelay = Self(
        "abuse.longest_delay", default: "15m", .reloads,
        help: "The longest delay; not less than LANYARD_ABUSE_FIRST_DELAY.")
    fileprivate static let networkFailures = Self(
        "abuse.network_failures", default: "100", .reloads, help: "Failures from one network in an hour.")
    fileprivate static let accountFailures = Self(
        "abuse.account_failures", default: "100", .reloads,
        help: "Failures of one account in a day, from networks that it never logged in from.")
    fileprivate static let forgetting = Self(
        "abuse.forget", default: "24h", .reloads, help: "When a row of failures is forgotten.")
    fileprivate static let knownNetworks = Self(
        "abuse.known_networks", default: "90d", .reloads,
        help: "How long a network counts as known to an account after a login from it.")
}

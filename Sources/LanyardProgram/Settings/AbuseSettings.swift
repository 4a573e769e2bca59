// SPDX-License-Identifier: Apache-2.0

package import LanyardStore

/// The settings of the protection against guessing: `abuse.*`.
package struct AbuseSettings: Sendable {
    /// Whether failures are counted at all.
    package let isEnabled: Bool
    /// How often a name may fail to prove itself, where failures are counted.
    package let limits: TryLimits
    /// How long a network counts as known after a login.
    package let knownNetworks: Duration

    /// Reads the group.
    package init(from reader: inout SettingReader) throws(SettingsError) {
        isEnabled = try reader.read(.isEnabled, as: .boolean)
        var limits = TryLimits()
        limits.freeTries = try reader.read(.freeTries, as: .integer(1...1_000_000))
        limits.firstDelay = try reader.read(.firstDelay, as: .duration("1s", "365d"))
        limits.longestDelay = try reader.read(.longestDelay, as: .duration("1s", "365d"))
        limits.networkFailures = try reader.read(.networkFailures, as: .integer(1...1_000_000))
        limits.accountFailures = try reader.read(.accountFailures, as: .integer(1...1_000_000))
        limits.forgetting = try reader.read(.forgetting, as: .duration("1s", "365d"))
        self.limits = limits
        knownNetworks = try reader.read(.knownNetworks, as: .duration("1s", "365d"))
    }

    /// The limits that hold; `nil` if failures are not counted.
    package var limitsInForce: TryLimits? { isEnabled ? limits : nil }
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

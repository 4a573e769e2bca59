// SPDX-License-Identifier: Apache-2.0

package import LanyardCore
internal import LanyardHTTP
internal import LanyardStore

/// All settings of a process, checked one by one and against each other.
package struct Settings: Sendable {
    /// The setting `issuer`, if it is set; else ``issuer(port:)`` says what it is.
    package let givenIssuer: IssuerURL?
    /// The group `http.*`.
    package internal(set) var http: HTTPSettings
    /// The group `management.*`.
    package let management: ManagementSettings
    /// The group `store.*`.
    package let store: StoreSettings
    /// The group `keys.*`.
    package internal(set) var keys: KeySettings
    /// The group `tokens.*`.
    package let tokens: TokenSettings
    /// The group `sessions.*`.
    package let sessions: SessionSettings
    /// The group `events.*`.
    package let events: EventSettings
    /// The group `passwords.*`.
    package let passwords: PasswordSettings
    /// The group `abuse.*`.
    package internal(set) var abuse: AbuseSettings
    /// The group `status.*`.
    package let status: StatusSettings
    /// The group `log.*`.
    package internal(set) var log: LogSettings
    /// Whether the process serves development.
    package let isDevelopment: Bool
    /// Whether the public listeners are inherited, whatever `http.listen` says.
    package let isActivated: Bool
    /// How many cores the process may use.
    package let processorCount: Int
    /// What became of each setting, in the order of the documentation.
    package internal(set) var records: [SettingRecord]

    /// Reads all settings.
    ///
    /// - Throws: ``SettingsError``, the first one that is met: names first, then values, then values together.
    package init(from sources: SettingSources) throws(SettingsError) {
        let given = try sources.given(for: Self.table)
        try self.init(given: given, sources: sources)
        try checkTogether()
    }

    private init(given: [String: GivenSetting], sources: SettingSources) throws(SettingsError) {
        var reader = SettingReader(given: given, sources: sources)
        isDevelopment = sources.isDevelopment
        processorCount = sources.processorCount
        givenIssuer = try reader.readIfSet(.issuer, as: .issuer)
        isActivated = !sources.inherited.public.isEmpty
        http = try HTTPSettings(from: &reader, inherited: sources.inherited.public)
        management = try ManagementSettings(
            from: &reader, firstListener: http.listen.first, inherited: sources.inherited.management.first)
        store = try StoreSettings(from: &reader, isDevelopment: isDevelopment)
        keys = try KeySettings(from: &reader)
        tokens = try TokenSettings(from: &reader)
        sessions = try SessionSettings(from: &reader, isDevelopment: isDevelopment)
        events = try EventSettings(from: &reader)
        passwords = try PasswordSettings(from: &reader, processorCount: sources.processorCount)
        abuse = try AbuseSettings(from: &reader)
        status = try StatusSettings(from: &reader)
        log = try LogSettings(from: &reader, isRead: sources.isOnTerminal || isDevelopment)
        if let issuer = usualIssuer(http, port: http.listen.first?.port, isDevelopment: isDevelopment) {
            reader.record(issuer.text, for: Setting.issuer.key)
        }
        records = reader.records
        keys.policy.accessLifetime = tokens.accessLifetime
        keys.policy.statusTokenLifetime = status.policy?.lifetime ?? .zero
        keys.policy.sessionLifetime = sessions.policy.lifetimes.absolute
    }

    /// Returns what stands as `iss`.
    ///
    /// - Parameter port: The port that the first listener has got, which matters where the settings say port 0.
    /// - Returns: The issuer as set, or the one that follows from the first listener.
    package func issuer(port: UInt16?) -> IssuerURL {
        if let issuer = givenIssuer ?? usualIssuer(http, port: port, isDevelopment: isDevelopment) { return issuer }
        preconditionFailure("Settings without an issuer are refused where the first listener does not give one.")
    }

    /// Where the folder with the store and the master key is, unless settings say otherwise.
    package var dataDirectory: String { isDevelopment ? "data/dev" : "data" }

    /// Where the master key is, if no setting gives it.
    package var masterKeyPath: String { dataDirectory + "/master.key" }

    /// Every setting there is, in the order of the documentation.
    package static let table: [Setting] = defaults.map(\.setting)

    /// The record of each setting where nothing is given.
    package static let defaults: [SettingRecord] = {
        do {
            return try Settings(given: [:], sources: SettingSources()).records
        } catch {
            preconditionFailure("A setting does not take its own default.")
        }
    }()
}

/// What stands as `iss` when it is not set, if the first listener can be told to clients.
private func usualIssuer(_ http: HTTPSettings, port: UInt16?, isDevelopment: Bool) -> IssuerURL? {
    guard case .tcp(let host, _)? = http.listen.first, let port, port != 0 else { return nil }
    guard let first = http.listen.first, !first.isUnnamed else { return nil }
    let scheme = http.tlsCertificate == nil ? "http" : "https"
    let name = isDevelopment && first.isLocal ? "localhost" : host.urlText
    return IssuerURL(parsing: "\(scheme)://\(name):\(port)")
}

extension Setting {
    fileprivate static let issuer = Self(
        "issuer",
        help: """
            The URL of this service as its clients know it. It stands as iss in every token and begins every URL of the             metadata. It may have a path. When not set: http:// (https:// with TLS) and the first listen address.
            """)
}

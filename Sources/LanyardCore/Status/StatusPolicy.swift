// SPDX-License-Identifier: Apache-2.0

/// What the settings say of status lists.
package struct StatusPolicy: Equatable, Sendable {
    /// How long verifiers may use a list without asking for a newer one.
    package var ttl: Duration

    /// Creates a policy.
    package init(ttl: Duration) {
        self.ttl = ttl
    }

    /// How long a signed list lives: how long verifiers can go on while the service is away.
    package var lifetime: Duration { max(.seconds(3_600), ttl * 10) }

    /// The address of a list: what its tokens name it by, and its own `sub` (Token Status List §5.1, §6.2).
    static func uri(of list: Int64, at issuer: IssuerURL) -> String { uri(of: list, at: issuer.text) }

    /// The address of a list of the issuer with this name.
    static func uri(of list: Int64, at issuer: String) -> String { issuer + "/status/\(list)" }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCore
internal import LanyardStore

extension Account: Listable {
    /// The account in one line, for people.
    var line: String {
        "\(name.escapingControls)\t\(id)\t\(roles.joined(separator: ","))\(disabledAt == nil ? "" : "\tdisabled")\n"
    }

    /// The account in one line for each of its parts, for people.
    var paragraph: String {
        """
        name: \(name.escapingControls)
        id: \(id)
        email: \(email?.escapingControls ?? "")
        roles: \(roles.joined(separator: " "))
        claims: \(AccountClaims(trusted: claims).value.text)
        disabled: \(disabledAt != nil)
        created: \(createdAt.rfc3339)
        last login: \(lastLoginAt?.rfc3339 ?? "never")

        """
    }
}

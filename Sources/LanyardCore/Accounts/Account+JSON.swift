// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardCoding
package import LanyardStore

extension Account {
    /// The account as commands and the admin interface show it: never its password.
    ///
    /// Absent values are null.
    package var json: JSONValue {
        [
            "id": .string(id.text),
            "name": .string(name),
            "email": email.map(JSONValue.string) ?? nil,
            "roles": .array(roles.texts.map(JSONValue.string)),
            "claims": AccountClaims(trusted: claims).value,
            "disabled": .boolean(disabledAt != nil),
            "created": .string(createdAt.rfc3339),
            "last_login": (lastLoginAt?.rfc3339).map(JSONValue.string) ?? nil,
        ]
    }
}

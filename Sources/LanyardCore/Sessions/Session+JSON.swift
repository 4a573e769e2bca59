// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardCoding
package import LanyardStore

extension Session {
    /// The session as its owner, commands and the admin interface are shown it: nothing that a token could be made of.
    ///
    /// Absent values are null.
    ///
    /// - Parameter isCurrent: Whether it is the session of who asks.
    /// - Returns: An object.
    package func json(isCurrent: Bool) -> JSONValue {
        [
            "id": .string(id.text),
            "label": label.map(JSONValue.string) ?? nil,
            "created": .string(createdAt.rfc3339),
            "last_used": .string(rotatedAt.rfc3339),
            "network": network.map(JSONValue.string) ?? nil,
            "current": .boolean(isCurrent),
        ]
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardCoding
package import LanyardStore

extension Session {
    /// The session as commands and both interfaces show it: nothing that a token is made of.
    ///
    /// Absent values are null. A refresh within the grace writes nothing, so `last_used` is late by up to a grace.
    ///
    /// - Parameter isCurrent: Whether it is the session of who asks; never so for a command.
    /// - Returns: The session.
    package func json(isCurrent: Bool) -> JSONValue {
        [
            "id": .string(id),
            "label": label.map(JSONValue.string) ?? nil,
            "created": .string(createdAt.rfc3339),
            "last_used": .string(rotatedAt.rfc3339),
            "network": network.map(JSONValue.string) ?? nil,
            "current": .boolean(isCurrent),
        ]
    }
}

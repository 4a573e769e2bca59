// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCore
internal import LanyardStore

extension Session: Listable {
    /// The session in one line, for people.
    var line: String {
        "\(id)\t\(createdAt.rfc3339)\t\(rotatedAt.rfc3339)\t\(network ?? "")\t\(label?.escapingControls ?? "")\n"
    }

    /// The session as programs read it; no command is asked in a session.
    var json: JSONValue { json(isCurrent: false) }
}

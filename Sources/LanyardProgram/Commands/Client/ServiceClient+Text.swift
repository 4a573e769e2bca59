// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardStore

extension ServiceClient: Listable {
    /// The client in one line, for people.
    var line: String { "\(id)\t\(createdAt.rfc3339)\t\(roles.joined(separator: ","))\n" }
}

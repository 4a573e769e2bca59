// SPDX-License-Identifier: Apache-2.0

/// Where the status of a token can be looked up (Token Status List §6.2).
public struct StatusReference: Hashable, Sendable {
    /// The index in the list, 0 or above.
    public let index: Int64

    /// The address of the list, as the token has it.
    public let uri: String

    init(index: Int64, uri: String) {
        self.index = index
        self.uri = uri
    }
}

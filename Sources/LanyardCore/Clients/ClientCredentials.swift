// SPDX-License-Identifier: Apache-2.0

/// A client's name and what is left of the secret that it has given.
package struct ClientCredentials: Sendable {
    let id: String
    let secretHash: [UInt8]

    package init(id: String, secret: String) {
        self.id = id
        secretHash = ClientSecret.hash(secret)
    }
}

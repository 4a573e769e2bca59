// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// A client's name and what is left of the secret that it has given.
package struct ClientCredentials: Sendable {
    let id: ClientID
    let secretHash: [UInt8]

    package init(id: ClientID, secret: String) {
        self.id = id
        secretHash = ClientSecret.hash(secret)
    }
}

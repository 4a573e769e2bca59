// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

extension Clients {
    /// Returns all clients in the order of their names, to be read a page at a time.
    package func pages() -> Pages<ServiceClient, ClientError> {
        Pages { (last, limit) async throws(ClientError) in
            try await clients(after: last?.id, limit: limit)
        }
    }
}

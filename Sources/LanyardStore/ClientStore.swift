// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// The part of a store that service clients are in.
package protocol ClientStore: Sendable {
    /// Reads a service client by its id.
    func client(id: ClientID) async throws(StoreError) -> ServiceClient?

    /// Reads up to `limit` service clients in the order of their ids, those after `id`, or the first ones.
    func clients(after id: ClientID?, limit: Int) async throws(StoreError) -> [ServiceClient]

    /// Adds a service client. Fails with ``StoreError/conflict`` if another has its id, or an account.
    func add(_ client: ServiceClient) async throws(StoreError)

    /// Removes a service client and sets its status bit; `false` if none has this id.
    func removeClient(id: ClientID, at now: UnixTime) async throws(StoreError) -> Bool

    /// Gives a service client a status index, drawn like that of a session, unless it has one.
    ///
    /// Returns the client as it is then, or `nil` if there is none with this id.
    func assignStatusIndex(toClient id: ClientID) async throws(StoreError) -> ServiceClient?

    /// Sets the status bit of a service client and takes its index away, so that the next token gets a new one.
    ///
    /// - Parameters:
    ///   - id: The client.
    ///   - index: The index that the tokens name; if it is not that of the client, they were revoked before. `nil` if they
    ///     name none.
    ///   - now: The time.
    /// - Returns: What became of it.
    /// - Throws: A ``StoreError`` if the step was not made.
    func revokeTokens(
        ofClient id: ClientID, at index: StatusIndex?, at now: UnixTime
    ) async throws(StoreError) -> ClientTokensRevoked
}

// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// The credential store, in the words of the domain.
///
/// Each call is one atomic step; no transaction is visible outside. A call suspends its caller and never blocks it, and has a
/// deadline, after which it throws ``StoreError/unavailable``. A step that judges time returns the instant it used.
///
/// Whoever needs a part of it asks for that part alone.
///
/// A store that was never founded answers ``open(founding:)`` and ``foundation()``; everything else throws
/// ``StoreError/unavailable``.
package protocol Store: KeyStore, AccountStore, SessionStore, StatusStore, ClientStore, AttemptStore {
    /// Returns what a store holds that is sealed, founding it first if it is empty.
    ///
    /// The founding is one step: of several processes that found a store at once, one does, and all get what that one
    /// wrote. `founding` gives what an empty store is given; it is called at most once, and only if the store is empty.
    /// If it throws, nothing is written and the call throws ``StoreError/notFounded``: the reason is known to
    /// whoever threw it.
    func open(founding: @escaping @Sendable () throws -> Founding) async throws(StoreError) -> Foundation

    /// Records `now` as the time of a server, unless a later one is recorded.
    ///
    /// - Parameters:
    ///   - now: The server's clock.
    ///   - stale: A record that is replaced even by an earlier time, because no server has renewed it for long.
    /// - Returns: The record after the step.
    /// - Throws: A ``StoreError`` if the step was not made.
    func recordClock(
        at now: UnixTime, replacing stale: UnixTime?
    ) async throws(StoreError) -> UnixTime

    /// Records the issuer that is served from now on, and returns the one that was served before, if any.
    func recordIssuer(_ issuer: String) async throws(StoreError) -> String?

    /// Returns if the store could be read and written now.
    func ping() async throws(StoreError)

    /// Ends the store: calls under way finish, later ones fail. Blocks until both are so; never call it where a call is resumed.
    func close()
}

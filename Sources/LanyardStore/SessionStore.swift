// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// The part of a store that sessions are in.
package protocol SessionStore: Sendable {
    /// Opens a session, if the account is still as it was seen. Fails with ``StoreError/conflict`` if its id is taken.
    func openSession(_ opening: SessionOpening, at now: UnixTime) async throws(StoreError) -> SessionOpened

    /// Decides what a refresh with a good MAC means and writes it: one step.
    ///
    /// `now` is asked when the decision is made, not when the call is: a call may wait while others rotate, and one that came
    /// with the time of before would find them in its future, and what is young would not be.
    func advanceSession(
        _ advance: SessionAdvance, at now: @escaping @Sendable () -> UnixTime
    ) async throws(StoreError) -> SessionAdvanced

    /// Reads a session with its account; `nil` if no session has this id.
    func session(id: SessionID) async throws(StoreError) -> SessionOwned?

    /// Reads up to `limit` sessions of an account that are not over at `now`, newest first.
    func sessions(
        ofAccount id: AccountID, lifetimes: SessionLifetimes, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> [Session]

    /// Ends sessions, one or several, in one step.
    func endSessions(_ ending: SessionEnding, at now: UnixTime) async throws(StoreError) -> SessionsEnded

    /// Removes up to `limit` sessions that no token can belong to any more, those over for longest first.
    ///
    /// Returns how many, and those of them whose end nobody has noticed before.
    ///
    /// A session whose idle or absolute lifetime is over counts as ended then (``SessionLifetimes/removal(of:)``). None is
    /// removed early; one that was opened when lifetimes were longer may be kept until those would have been over.
    func sweepSessions(
        lifetimes: SessionLifetimes, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> SessionSweep
}

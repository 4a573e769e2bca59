// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// The credential store, in the words of the domain.
///
/// Each call is one atomic step; no transaction is visible outside. A call suspends its caller and never blocks it. Without
/// an executor that says otherwise (``ImmediateExecutor``), the caller goes on where its task does; with it, on a queue of
/// the store's own, which it must not keep for long. Every call has a deadline, after which it throws
/// ``StoreError/unavailable``. A step that judges time returns the instant it used.
///
/// A store that was never founded answers ``open(founding:)`` and ``foundation()``; everything else throws
/// ``StoreError/unavailable``.
package protocol Store: Sendable {
    // MARK: The store itself

    /// Returns what a store holds that is sealed, founding it first if it is empty.
    ///
    /// The founding is one step: of several processes that found a store at once, one does, and all get what that one
    /// wrote. `founding` gives what an empty store is given; it is called at most once, and only if the store is empty.
    /// If it throws, nothing is written and the call throws ``StoreError/notFounded``: the reason is known to
    /// whoever threw it.
    func open(founding: @escaping @Sendable () throws -> Founding) async throws(StoreError) -> Foundation

    /// Reads what the store holds that is sealed; `nil` if the store was never founded. Makes no store.
    func foundation() async throws(StoreError) -> Foundation?

    /// Raises the longest access lifetime that any replica has used; never lowers it. A change counts as one of keys.
    func raiseLongestAccessLifetime(to lifetime: Duration) async throws(StoreError)

    /// Reads how often the keys and secrets of the store were changed, or the longest access lifetime, by which keys are kept.
    func keyVersion() async throws(StoreError) -> Int64

    /// Changes keys and secrets if they are still as they were at `version`.
    ///
    /// Returns `false`, and nothing is written, if somebody else has changed them since: whoever decided on the
    /// change decides again. That makes each step of a key's life one compare-and-swap, whoever takes it.
    func changeKeys(_ change: KeyChange, at version: Int64) async throws(StoreError) -> Bool

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

    // MARK: Accounts

    /// Reads the account with this name key (see ``Account/nameKey``).
    func account(nameKey: String) async throws(StoreError) -> Account?

    /// Reads an account by its id.
    func account(id: String) async throws(StoreError) -> Account?

    /// Reads up to `limit` accounts in the order of their name keys, those after `nameKey`, or the first ones.
    func accounts(after nameKey: String?, limit: Int) async throws(StoreError) -> [Account]

    /// Adds an account. Fails with ``StoreError/conflict`` if its id or its name key is taken, or a service client has its id.
    func add(_ account: Account) async throws(StoreError)

    /// Removes an account and its sessions.
    ///
    /// Returns the sessions that were not over, or `nil` if there is no account with this id.
    func removeAccount(id: String, at now: UnixTime) async throws(StoreError) -> [EndedSession]?

    /// Sets a new password, ends sessions of the account, and raises its epoch.
    ///
    /// - Parameters:
    ///   - password: The password.
    ///   - id: The account.
    ///   - conditions: Which sessions go on, and how the account must still be.
    ///   - now: The time.
    /// - Returns: The sessions that this ended, or `nil` if there is no such account, or it is not as the conditions say.
    /// - Throws: A ``StoreError`` if the step was not made.
    func setPassword(
        _ password: StoredPassword, ofAccount id: String, _ conditions: PasswordConditions, at now: UnixTime
    ) async throws(StoreError) -> [EndedSession]?

    /// Disables an account, which ends its sessions and raises its epoch, or enables it.
    ///
    /// Returns the sessions that this ended, or `nil` if there is no such account.
    func setDisabled(
        _ isDisabled: Bool, account id: String, at now: UnixTime
    ) async throws(StoreError) -> [EndedSession]?

    /// Sets the roles of an account if they are still `expected`; `false` if not, or if there is no such account.
    func setRoles(
        _ roles: [String], ofAccount id: String, ifStill expected: [String]
    ) async throws(StoreError) -> Bool

    /// Replaces the stored hash of the same password if it is still `expected`; ends nothing.
    ///
    /// Returns `false` if it was not.
    func replacePassword(
        _ expected: [UInt8], with password: StoredPassword, ofAccount id: String
    ) async throws(StoreError) -> Bool

    /// Reads how many accounts have each scheme, as of the last count.
    func passwordSchemes() async throws(StoreError) -> PasswordSchemes

    /// Counts how many accounts have each scheme, stores that for all replicas, and returns it.
    ///
    /// Not one step: an account that changes in the meantime is counted as it was or as it is.
    func countPasswordSchemes(at now: UnixTime) async throws(StoreError) -> PasswordSchemes

    /// Reads up to `limit` accounts whose scheme has not been filled in.
    func accountsWithoutScheme(limit: Int) async throws(StoreError) -> [AccountScheme]

    /// Fills in the schemes of accounts whose password is still the same.
    func fillIn(_ schemes: [AccountScheme]) async throws(StoreError)

    // MARK: Sessions

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
    func session(id: String) async throws(StoreError) -> SessionOwned?

    /// Reads up to `limit` sessions of an account that are not over at `now`, newest first.
    func sessions(
        ofAccount id: String, lifetimes: SessionLifetimes, limit: Int, at now: UnixTime
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

    // MARK: Status lists

    /// Reads which status lists there are, and how often they and what they show were changed.
    ///
    /// Every step that ends a session sets its bit (``StatusBit/init(of:)``) and raises the version.
    func statusLists() async throws(StoreError) -> StatusLists

    /// Reads up to `limit` bits that are shown at `now`, those after `index`, or the first ones.
    ///
    /// Who reads all of them in several steps has at least those that were there before the first.
    func statusBits(
        after index: StatusIndex?, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> [StatusBit]

    /// Removes up to `limit` bits whose index has rested (``StatusIndex/rest``); returns how many.
    func sweepStatusBits(limit: Int, at now: UnixTime) async throws(StoreError) -> Int

    /// Counts the indices that are taken, and opens, fills and makes lists accordingly (``StatusListUse``).
    ///
    /// Not one step: what is counted may have changed when it is acted upon, by little.
    func tendStatusLists() async throws(StoreError)

    // MARK: Service clients

    /// Reads a service client by its id.
    func client(id: String) async throws(StoreError) -> ServiceClient?

    /// Reads up to `limit` service clients in the order of their ids, those after `id`, or the first ones.
    func clients(after id: String?, limit: Int) async throws(StoreError) -> [ServiceClient]

    /// Adds a service client. Fails with ``StoreError/conflict`` if another has its id, or an account.
    func add(_ client: ServiceClient) async throws(StoreError)

    /// Removes a service client and sets its status bit; `false` if none has this id.
    func removeClient(id: String, at now: UnixTime) async throws(StoreError) -> Bool

    /// Gives a service client a status index, drawn like that of a session, unless it has one.
    ///
    /// Returns the client as it is then, or `nil` if there is none with this id.
    func assignStatusIndex(toClient id: String) async throws(StoreError) -> ServiceClient?

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
        ofClient id: String, at index: StatusIndex?, at now: UnixTime
    ) async throws(StoreError) -> ClientTokensRevoked

    // MARK: Failed tries

    /// Judges a try to prove who one is, and counts it if it failed: one step.
    ///
    /// Of tries that come at once, by whichever replica, each is judged by what those before it have left: no number of them
    /// passes a limit. One that a limit refuses is not counted. One that is right ends the row of failures of its pair, and
    /// writes nothing if there was none.
    ///
    /// - Parameters:
    ///   - attempt: What the try is counted under.
    ///   - isRight: Whether it was right, which does not help against a limit.
    ///   - limits: How often one may fail.
    ///   - now: The time.
    /// - Returns: What became of it.
    /// - Throws: A ``StoreError`` if the step was not made.
    func judge(
        _ attempt: AuthenticationTry, isRight: Bool, under limits: TryLimits, at now: UnixTime
    ) async throws(StoreError) -> TryVerdict
}

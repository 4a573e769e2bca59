// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// The part of a store that accounts are in.
package protocol AccountStore: Sendable {
    /// Reads the account with this name key (see ``Account/nameKey``).
    func account(nameKey: String) async throws(StoreError) -> Account?

    /// Reads an account by its id.
    func account(id: AccountID) async throws(StoreError) -> Account?

    /// Reads up to `limit` accounts in the order of their name keys, those after `nameKey`, or the first ones.
    func accounts(after nameKey: String?, limit: Int) async throws(StoreError) -> [Account]

    /// Adds an account. Fails with ``StoreError/conflict`` if its id or its name key is taken, or a service client has its id.
    func add(_ account: Account) async throws(StoreError)

    /// Removes an account and its sessions.
    ///
    /// Returns the sessions that were not over, or `nil` if there is no account with this id.
    func removeAccount(id: AccountID, at now: UnixTime) async throws(StoreError) -> [EndedSession]?

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
        _ password: StoredPassword, ofAccount id: AccountID, _ conditions: PasswordConditions, at now: UnixTime
    ) async throws(StoreError) -> [EndedSession]?

    /// Disables an account, which ends its sessions and raises its epoch, or enables it.
    ///
    /// Returns the sessions that this ended, or `nil` if there is no such account.
    func setDisabled(
        _ isDisabled: Bool, account id: AccountID, at now: UnixTime
    ) async throws(StoreError) -> [EndedSession]?

    /// Sets the roles of an account if they are still `expected`; `false` if not, or if there is no such account.
    func setRoles(
        _ roles: Roles, ofAccount id: AccountID, ifStill expected: Roles
    ) async throws(StoreError) -> Bool

    /// Replaces the stored hash of the same password if it is still `expected`; ends nothing.
    ///
    /// Returns `false` if it was not.
    func replacePassword(
        _ expected: [UInt8], with password: StoredPassword, ofAccount id: AccountID
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
}

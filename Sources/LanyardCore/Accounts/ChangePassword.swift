// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardPasswords
package import LanyardStore

/// The owner's own change of a password, which ends every session but the one that asks.
///
/// One hash to check the current password → the policy, and one hash of the new one → the account's row, if it is still as
/// it was read. Only who knows the current password is told what the policy says.
package struct ChangePassword: Sendable {
    let accounts: any AccountStore
    let lanes: PasswordLanes
    let passwords: PasswordSeal
    let policy: PasswordPolicy
    let now: @Sendable () -> UnixTime

    package func callAsFunction(
        from current: Password, to new: Password, of owned: SessionOwned, by caller: Caller
    ) async throws(PasswordRefusal) {
        guard let stored = try? passwords.open(owned.account.password, account: owned.account.id) else {
            throw .internal
        }
        let check = PasswordCheck(current, against: stored, upgrades: false)
        guard try await hashed(by: caller, await lanes.verify(check, for: .known)) != .wrong else {
            throw refused(owned, .wrongPassword, by: caller)
        }
        let result = try await hashed(
            by: caller,
            await lanes.hash(for: .known) { [policy] () throws(PasswordPolicyError) in
                // The same password again would end the other sessions, and leave whoever knows it as able as before.
                try policy.accept(new, otherThan: current, owned.account.contextWords)
            })
        let hash = try result.mapError(PasswordRefusal.policy).get()
        guard let sealed = try? passwords.stored(hash, account: owned.account.id) else { throw .internal }
        let conditions = PasswordConditions(keeping: owned.session.id, epoch: owned.account.epoch)
        let ended = try await rethrowing(
            as: PasswordRefusal.store,
            await accounts.setPassword(sealed, ofAccount: owned.account.id, conditions, at: now()))
        // Else somebody has changed the password since, so the one that was presented is not the current one; or has
        // disabled or removed the account, which the next request is told.
        guard let ended else { throw refused(owned, .accountChanged, by: caller) }
        caller.record(.passwordChanged(account: owned.account.id, session: owned.session.id))
        for session in ended { caller.record(.sessionEnded(session)) }
    }

    private func refused(_ owned: SessionOwned, _ reason: LoginFailure, by caller: Caller) -> PasswordRefusal {
        caller.record(.passwordRefused(account: owned.account.id, session: owned.session.id, reason))
        return .wrongPassword
    }

    private func hashed<Value>(
        by caller: Caller, _ make: @autoclosure () async throws(PasswordLanesError) -> Value
    ) async throws(PasswordRefusal) -> Value {
        do throws(PasswordLanesError) {
            return try await make()
        } catch {
            if let overload = HashingOverload(error) { caller.record(.hashingOverloaded(overload)) }
            throw .notHashed(error)
        }
    }
}

/// Why a password was not changed.
package enum PasswordRefusal: Error {
    /// The current password is another, or the account has changed since it was read.
    case wrongPassword
    /// The policy refuses the new password.
    case policy(PasswordPolicyError)
    /// A password could not be hashed.
    case notHashed(PasswordLanesError)
    /// The store did not make its step.
    case store(StoreError)
    /// A stored row is not what was written.
    case `internal`
}

extension HashingOverload {
    /// The lack of capacity that `error` is; `nil` if it is something else.
    ///
    /// Memory that new hashes need is reserved; a stored hash may need more.
    init?(_ error: PasswordLanesError) {
        switch error {
        case .overloaded: self = .queueFull
        case .hash(.outOfMemory): self = .outOfMemory
        case .hash, .closed: return nil
        }
    }
}

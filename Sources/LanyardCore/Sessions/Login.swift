// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCrypto
internal import LanyardPasswords
package import LanyardStore

/// Credentials for a session; all wrong ones are refused alike, at the same cost (``PasswordDecoys``).
package struct Login: Sendable {
    let accounts: any AccountStore
    let sessions: any SessionStore
    let lanes: PasswordLanes
    let passwords: PasswordSeal
    let decoys: PasswordDecoys
    let keys: LiveKeys
    let tokens: TokenPolicy
    let policy: SessionPolicy
    let now: @Sendable () -> UnixTime

    /// A session that was opened, and its account as it is then.
    package typealias Opened = (session: Session, account: Account)

    package func callAsFunction(_ request: LoginRequest, by caller: Caller) async throws(LoginRefusal) -> Opened {
        // A login that no token could be made for would leave a session that nobody has.
        try await rethrowing(as: { (_: StaleKeys) in LoginRefusal.staleKeys }, await keys.requireFresh())
        // No account has the empty name; a name that cannot be an account's costs the same read.
        let key = (try? AccountName(presented: request.username))?.key
        let found = try await rethrowing(as: LoginRefusal.store, await accounts.account(nameKey: key ?? ""))
        guard let check = try? decoys.check(request.password, of: found, named: key ?? request.username) else {
            throw .internal
        }
        guard case .right(let replacement) = try await verdict(on: check, by: caller) else {
            throw refused(found, found == nil ? .unknownAccount : .wrongPassword, by: caller)
        }
        guard let account = found else { throw .internal }
        guard account.disabledAt == nil else { throw refused(account, .disabledAccount, by: caller) }
        await upgrade(account, to: replacement, from: check.stored)
        try checkGrant(of: request, to: account)
        return try await openSession(for: request, of: account, by: caller)
    }

    private func verdict(on check: PasswordCheck, by caller: Caller) async throws(LoginRefusal) -> PasswordVerdict {
        do throws(PasswordLanesError) {
            return try await lanes.verify(check, for: .stranger)
        } catch {
            if let overload = HashingOverload(error) { caller.record(.loginOverloaded(overload)) }
            throw .notHashed(error)
        }
    }

    private func refused(_ account: Account?, _ reason: LoginFailure, by caller: Caller) -> LoginRefusal {
        caller.record(.loginFailed(account: account?.id, reason))
        return .wrongCredentials
    }

    /// Stores a hash of the live parameters instead of one of others, or the scheme that an older release did not write.
    ///
    /// If that fails, the next login tries again.
    private func upgrade(_ account: Account, to replacement: PasswordHash?, from stored: PasswordHash) async {
        let password: StoredPassword
        if let replacement {
            guard let sealed = try? passwords.stored(replacement, account: account.id) else { return }
            password = sealed
        } else {
            guard account.scheme != stored.kind.text else { return }
            password = StoredPassword(sealed: account.password, scheme: stored.kind.text)
        }
        _ = try? await accounts.replacePassword(account.password, with: password, ofAccount: account.id)
    }

    private func checkGrant(of request: LoginRequest, to account: Account) throws(LoginRefusal) {
        guard tokens.allows(request.audience, holding: account.roles) else { throw .audienceNotAllowed }
        guard (request.roles ?? []).isSubset(of: account.roles) else { throw .rolesNotHeld }
    }

    private func openSession(
        for request: LoginRequest, of account: Account, by caller: Caller
    ) async throws(LoginRefusal) -> Opened {
        var opening = SessionOpening(
            id: SessionID(Base64URL.encode(SecureRandom.bytes(16))), accountID: account.id, accountEpoch: account.epoch,
            audience: request.audience, roles: request.roles, delivery: request.delivery, label: request.label,
            network: caller.network, lifetimes: policy.lifetimes, maximumPerAccount: policy.maximumPerAccount,
            hasStatus: tokens.status != nil)
        opening.replaced = request.replaced
        switch try await rethrowing(as: LoginRefusal.store, await sessions.openSession(opening, at: now())) {
        // The account as it is now: a role may have been taken away while the password was hashed.
        case .opened(let session, let account, let ended):
            for id in ended {
                caller.record(.sessionEnded(EndedSession(id: id, accountID: account.id, cause: .revoked)))
            }
            caller.record(.loggedIn(account: account.id, session: session.id))
            return (session, account)
        case .accountChanged:
            throw refused(account, .accountChanged, by: caller)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP
internal import LanyardPasswords
internal import LanyardStore

/// `POST /password`: the owner's own change of the password, which ends every session but the one that asks.
///
/// Session read → one hash to check the current password → the policy, and one hash of the new one → the account's row,
/// if it is still as it was read. The policy is asked on the lane too: its list takes milliseconds to make when it is first
/// used, and only who knows the current password is told what the policy says.
struct PasswordEndpoint: Endpoint {
    private let policy: PasswordPolicy
    private let store: any Store
    private let lanes: PasswordLanes
    private let passwords: PasswordSeal
    private let authentication: Authentication
    private let events: EventLog
    private let now: @Sendable () -> UnixTime

    /// What is asked for.
    private struct Change: Sendable {
        let current: Password
        let new: Password

        init(_ members: RequestMembers) throws(ServiceError) {
            current = try members.takePassword("current_password")
            new = try members.takePassword("new_password")
        }
    }

    init(_ dependencies: Dependencies, _ authentication: Authentication) {
        policy = dependencies.configuration.passwordPolicy
        store = dependencies.store
        lanes = dependencies.lanes
        passwords = dependencies.passwords
        self.authentication = authentication
        events = dependencies.events
        now = dependencies.now
    }

    func check(_ head: RequestHead) throws(ServiceError) {
        try authentication.presented(by: head)
        try RequestMembers.checkType(of: head)
    }

    func answer(_ call: Call) async throws(ServiceError) -> Answer {
        defer { call.request.wipeContent() }
        let token = try await authentication.token(of: call)
        let change = try Change(RequestMembers(of: call.request))
        call.request.wipeContent()
        let owned = try await authentication.session(of: token, call)
        try await checkCurrent(change, of: owned, call.request)
        let hash = try await hash(change, of: owned, call.request)
        try await setPassword(hash, of: owned, call.request)
        return .response(.done)
    }

    private func checkCurrent(_ change: Change, of owned: SessionOwned, _ request: Request) async throws(ServiceError) {
        guard let stored = try? passwords.open(owned.account.password, account: owned.account.id) else {
            throw .internal
        }
        let check = PasswordCheck(change.current, against: stored, upgrades: false)
        let verdict: PasswordVerdict
        do throws(PasswordLanesError) {
            verdict = try await lanes.verify(check, for: .known)
        } catch {
            throw ServiceError(error) { events.overloaded(request, $0) }
        }
        guard verdict != .wrong else { throw refusal(owned, .wrongPassword, request) }
    }

    private func hash(
        _ change: Change, of owned: SessionOwned, _ request: Request
    ) async throws(ServiceError) -> PasswordHash {
        let result: Result<PasswordHash, PasswordPolicyError>
        do throws(PasswordLanesError) {
            result = try await lanes.hash(for: .known) { [policy] () throws(PasswordPolicyError) in
                // The same password again would end the other sessions, and leave whoever knows it as able as before.
                try policy.accept(change.new, otherThan: change.current, owned.account.contextWords)
            }
        } catch {
            throw ServiceError(error) { events.overloaded(request, $0) }
        }
        return try result.mapError(ServiceError.password).get()
    }

    private func setPassword(
        _ hash: PasswordHash, of owned: SessionOwned, _ request: Request
    ) async throws(ServiceError) {
        guard let sealed = try? passwords.stored(hash, account: owned.account.id) else { throw .internal }
        let conditions = PasswordConditions(keeping: owned.session.id, epoch: owned.account.epoch)
        let ended = try await asServiceError(
            await store.setPassword(sealed, ofAccount: owned.account.id, conditions, at: now()))
        // Else somebody has changed the password since, so the one that was presented is not the current one; or has
        // disabled or removed the account, which the next request is told.
        guard let ended else { throw refusal(owned, .accountChanged, request) }
        events.passwordChanged(request, account: owned.account.id, session: owned.session.id)
        events.sessionsEnded(ended, request)
    }

    private func refusal(_ owned: SessionOwned, _ reason: LoginFailure, _ request: Request) -> ServiceError {
        events.passwordRefused(request, account: owned.account.id, session: owned.session.id, reason: reason)
        return .wrongCredentials
    }
}

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

    func answer(_ call: Call) throws(ServiceError) -> Outcome {
        let token = try authentication.token(of: call)
        // Not before: a request that waits for the keys is answered again from its content.
        defer { call.request.wipeContent() }
        let change = try Change(RequestMembers(of: call.request))
        authentication.session(of: token, call) { owned in
            checkCurrent(change, of: owned, call)
        }
        return .pending
    }

    private func checkCurrent(_ change: Change, of owned: SessionOwned, _ call: Call) {
        guard let stored = try? passwords.open(owned.account.password, account: owned.account.id) else {
            return call.complete(with: .failure(.internal))
        }
        let check = PasswordCheck(change.current, against: stored, upgrades: false)
        let admission = lanes.verify(check, for: .known) { result in
            switch result {
            case .success(.right): hash(change, of: owned, call)
            case .success(.wrong): refuse(owned, .wrongPassword, call)
            case .failure(let error): call.fail(error, events.overloaded)
            }
        }
        call.failUnlessAccepted(admission, events.overloaded)
    }

    private func hash(_ change: Change, of owned: SessionOwned, _ call: Call) {
        let accepted: NewPassword
        do throws(PasswordPolicyError) {
            // The same password again would end the other sessions, and leave whoever knows it as able as before.
            accepted = try policy.accept(change.new, otherThan: change.current, owned.account.contextWords)
        } catch {
            return call.complete(with: .failure(.password(error)))
        }
        let admission = lanes.hash(accepted, for: .known) { result in
            switch result {
            case .success(let hash): setPassword(hash, of: owned, call)
            case .failure(let error): call.fail(error, events.overloaded)
            }
        }
        call.failUnlessAccepted(admission, events.overloaded)
    }

    private func setPassword(_ hash: PasswordHash, of owned: SessionOwned, _ call: Call) {
        guard let sealed = try? passwords.stored(hash, account: owned.account.id) else {
            return call.complete(with: .failure(.internal))
        }
        let conditions = PasswordConditions(keeping: owned.session.id, epoch: owned.account.epoch)
        store.setPassword(sealed, ofAccount: owned.account.id, conditions, at: now()) { result in
            switch result {
            case .success(let ended?):
                events.passwordChanged(call.request, account: owned.account.id, session: owned.session.id)
                events.sessionsEnded(ended, call.request)
                call.complete(with: .success(.done))
            case .success(nil):
                // Somebody has changed the password since, so the one that was presented is not the current one; or has
                // disabled or removed the account, which the next request is told.
                refuse(owned, .accountChanged, call)
            case .failure(let error):
                call.fail(error, events)
            }
        }
    }

    private func refuse(_ owned: SessionOwned, _ reason: LoginFailure, _ call: Call) {
        events.passwordRefused(call.request, account: owned.account.id, session: owned.session.id, reason: reason)
        call.complete(with: .failure(.wrongCredentials))
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP
internal import LanyardPasswords
internal import LanyardStore

/// `POST /password`: the owner's own change of the password.
struct PasswordEndpoint: Endpoint {
    private let change: ChangePassword
    private let authentication: Authentication
    private let callers: Callers

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
        change = ChangePassword(
            accounts: dependencies.store, lanes: dependencies.lanes, passwords: dependencies.passwords,
            policy: dependencies.configuration.passwordPolicy, now: dependencies.now)
        self.authentication = authentication
        callers = Callers(dependencies)
    }

    func check(_ head: RequestHead) throws(ServiceError) {
        try authentication.presented(by: head)
        try RequestMembers.checkType(of: head)
    }

    func answer(_ call: Call) async throws(ServiceError) -> Answer {
        defer { call.request.wipeContent() }
        let token = try await authentication.token(of: call)
        let wanted = try Change(RequestMembers(of: call.request))
        call.request.wipeContent()
        let owned = try await authentication.session(of: token, call)
        do throws(PasswordRefusal) {
            try await change(
                from: wanted.current, to: wanted.new, of: owned, by: callers.caller(of: call.request))
        } catch {
            throw ServiceError(error)
        }
        return .response(.done)
    }
}

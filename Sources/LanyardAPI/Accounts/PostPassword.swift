// SPDX-License-Identifier: Apache-2.0

internal import LanyardCore
internal import LanyardHTTP
internal import LanyardPasswords
internal import LanyardStore

/// `POST /password`: the owner's own change of the password.
struct PostPassword: Endpoint {
    let context: EndpointContext

    let operation = Operation("Change the password", takes: .members(Self.shape), gives: .none, status: 204)

    private static let shape = ObjectShape(.init("current_password", .secret), .init("new_password", .secret))

    /// What is asked for.
    private struct Change: Sendable {
        let current: Password
        let new: Password

        init(_ members: RequestMembers) throws(APIError) {
            current = try members.takePassword("current_password")
            new = try members.takePassword("new_password")
        }
    }

    func checkBeforeContent(_ head: RequestHead) throws(APIError) {
        try context.authentication.presented(by: head)
        try RequestMembers.check(head, for: operation.content)
    }

    func answer(_ call: Call) async throws(APIError) -> Answer {
        defer { call.request.wipeContent() }
        let token = try await context.authentication.token(of: call)
        let wanted = try Change(members(of: call.request))
        call.request.wipeContent()
        let owned = try await context.authentication.session(of: token, call)
        do throws(PasswordRefusal) {
            try await context.useCases.changePassword(
                from: wanted.current, to: wanted.new, of: owned, by: context.log.caller(of: call.request))
        } catch {
            throw APIError(error)
        }
        return .response(.done)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardCore

extension Failure {
    /// Says why a service client was not added or removed.
    init(_ error: ClientError, client name: String) {
        switch error {
        case .invalidName:
            self.init(.data, "'\(name)' cannot be a client's name; a name is 1 to 64 of A-Z a-z 0-9 . _ : -")
        case .reservedName: self.init(.data, "the client \(name) is that of all logins; take another name")
        case .invalidRole(let role):
            self.init(.data, "'\(role)' cannot be a role; a role is 1 to 64 of A-Z a-z 0-9 . _ : -")
        case .tooLarge(let limit):
            self.init(.data, "the roles are over \(limit) bytes and would not fit into a token")
        case .nameTaken:
            self.init(.data, "a client with the name \(name), or an account with that id, exists already")
        case .notFound: self.init(.data, "there is no client with the name \(name)")
        case .store(let reason): self.init(reason, at: "of the settings")
        }
    }
}

extension NewClient {
    /// Checks what the command line gave.
    ///
    /// - Throws: A failure with status 65.
    static func checked(name: String, roles: [String]) throws(Failure) -> NewClient {
        do throws(ClientError) {
            return try NewClient(name: name, roles: roles)
        } catch {
            throw Failure(error, client: name)
        }
    }
}

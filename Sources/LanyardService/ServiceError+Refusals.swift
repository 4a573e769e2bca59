// SPDX-License-Identifier: Apache-2.0

internal import LanyardPasswords
internal import LanyardStore

/// What the refusals of the use cases mean to a client.
extension ServiceError {
    init(_ refusal: LoginRefusal) {
        switch refusal {
        case .wrongCredentials: self = .wrongCredentials
        case .audienceNotAllowed: self = .invalidTarget
        case .rolesNotHeld: self = .invalidScope
        case .notHashed(let error): self.init(error)
        case .store(let error): self.init(error)
        case .internal: self = .internal
        }
    }

    init(_ refusal: RefreshRefusal) {
        switch refusal {
        case .notGranted: self = .invalidGrant
        case .abandoned: self = .abandoned
        case .store(let error): self.init(error)
        }
    }

    init(_ refusal: PasswordRefusal) {
        switch refusal {
        case .wrongPassword: self = .wrongCredentials
        case .policy(let error): self = .password(error)
        case .notHashed(let error): self.init(error)
        case .store(let error): self.init(error)
        case .internal: self = .internal
        }
    }

    init(_ refusal: ClientTokenRefusal) {
        switch refusal {
        case .audienceNotAllowed: self = .invalidTarget
        case .rolesNotHeld: self = .invalidScope
        case .removed: self = .invalidClient
        case .store(let error): self.init(error)
        }
    }

    private init(_ error: PasswordLanesError) {
        switch error {
        case .overloaded, .hash(.outOfMemory): self = .overloaded
        case .closed: self = .draining
        case .hash: self = .internal
        }
    }
}

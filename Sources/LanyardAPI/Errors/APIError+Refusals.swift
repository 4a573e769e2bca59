// SPDX-License-Identifier: Apache-2.0

internal import LanyardCore
internal import LanyardPasswords
internal import LanyardStore
internal import LanyardWeb

/// What the refusals of the use cases mean to a client.
extension APIError {
    init(_ refusal: LoginRefusal) {
        switch refusal {
        case .wrongCredentials: self = .wrongCredentials
        case .audienceNotAllowed: self = .invalidTarget
        case .rolesNotHeld: self = .invalidScope
        case .staleKeys: self = .staleKeys
        case .notHashed(let error): self.init(error)
        case .store(let error): self.init(error)
        case .internal: self = .internal
        }
    }

    init(_ refusal: RefreshRefusal) {
        switch refusal {
        case .notGranted: self = .invalidGrant
        case .otherAccessToken: self = .invalidToken
        case .staleKeys: self = .staleKeys
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

    init(_ refusal: ClientRefusal) {
        switch refusal {
        case .wrongCredentials: self = .invalidClient
        case .limited(let seconds): self = .rateLimited(seconds: seconds)
        case .store(let error): self.init(error)
        case .internal: self = .internal
        }
    }

    /// `lost` is what it means that the account may no longer request any of the audience.
    init(_ refusal: IssueRefusal, withoutAudience lost: APIError) {
        switch refusal {
        case .audienceLost: self = lost
        case .sessionOver: self = .invalidGrant
        case .tooLong:
            self = .invalidRequest("The access token would be over its limit; ask for less in audience and roles.")
        case .staleKeys: self = .staleKeys
        case .internal: self = .internal
        }
    }

    init(_ error: StaleKeys) { self = .staleKeys }

    init(_ error: CookieError) {
        switch error {
        case .repeated(let name): self = .invalidRequest("The cookie \(name) is there twice.")
        case .impossible(let name): self = .invalidRequest("The cookie \(name) has a value that no browser keeps.")
        }
    }

    init(_ error: PreconditionFailed) { self = .preconditionFailed }

    private init(_ error: PasswordLanesError) {
        switch error {
        case .overloaded, .hash(.outOfMemory): self = .overloaded
        case .closed: self = .draining
        case .hash: self = .internal
        }
    }
}

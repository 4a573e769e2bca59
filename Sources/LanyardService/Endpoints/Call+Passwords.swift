// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP
internal import LanyardPasswords

extension Call {
    /// Answers later that a hash that was to be computed was not.
    func fail(_ error: PasswordLanesError) {
        switch error {
        case .closed: complete(with: .failure(.draining))
        case .hash: complete(with: .failure(.internal))
        }
    }

    /// Answers at once, unless the lanes will do what was asked of them; `tellOverload` logs that they have too much to do.
    func failUnlessAccepted(_ admission: LaneAdmission, _ tellOverload: (Request) -> Void) {
        switch admission {
        case .accepted: break
        case .overloaded:
            tellOverload(request)
            complete(with: .failure(.overloaded))
        case .closed: complete(with: .failure(.draining))
        }
    }
}

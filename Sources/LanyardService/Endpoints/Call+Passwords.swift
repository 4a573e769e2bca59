// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP
internal import LanyardPasswords

extension Call {
    /// Completes the exchange with the error for a hash that was cancelled or failed.
    ///
    /// - Parameters:
    ///   - error: Why there is no hash.
    ///   - logOverload: Logs a lack of capacity; called only for that.
    func fail(_ error: PasswordLanesError, _ logOverload: (Request, HashingOverload) -> Void) {
        switch error {
        case .closed: complete(with: .failure(.draining))
        case .hash(.outOfMemory):
            // Memory that new hashes need is reserved; a stored hash may need more, and that is a lack of capacity.
            logOverload(request, .outOfMemory)
            complete(with: .failure(.overloaded))
        case .hash: complete(with: .failure(.internal))
        }
    }

    /// Completes the exchange at once if the lanes did not accept a request to hash.
    func failUnlessAccepted(_ admission: LaneAdmission, _ logOverload: (Request, HashingOverload) -> Void) {
        switch admission {
        case .accepted: break
        case .overloaded:
            logOverload(request, .queueFull)
            complete(with: .failure(.overloaded))
        case .closed: complete(with: .failure(.draining))
        }
    }
}

/// Why a password was not hashed although nothing is wrong with it, for operators.
enum HashingOverload: String, Sendable {
    case queueFull = "queue_full"
    case outOfMemory = "out_of_memory"
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP
internal import LanyardPasswords

/// Why a password was not hashed although nothing is wrong with it, for operators.
enum HashingOverload: String, Sendable {
    case queueFull = "queue_full"
    case outOfMemory = "out_of_memory"
}

extension ServiceError {
    /// Says what a request means whose password could not be hashed.
    ///
    /// - Parameters:
    ///   - error: Why there is no hash.
    ///   - logOverload: Logs a lack of capacity; called only for that.
    init(_ error: PasswordLanesError, _ logOverload: (HashingOverload) -> Void) {
        switch error {
        case .closed: self = .draining
        case .overloaded:
            logOverload(.queueFull)
            self = .overloaded
        case .hash(.outOfMemory):
            // Memory that new hashes need is reserved; a stored hash may need more, and that is a lack of capacity.
            logOverload(.outOfMemory)
            self = .overloaded
        case .hash: self = .internal
        }
    }
}

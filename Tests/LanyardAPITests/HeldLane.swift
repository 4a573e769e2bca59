// SPDX-License-Identifier: Apache-2.0

import Dispatch
import LanyardBase
import LanyardPasswords
import TestSupport

/// A lane whose next hash is held up until a test lets it go, so that the lane is busy for certain.
final class HeldLane: Sendable {
    private let isHolding = Guarded(false)
    private let held = Inbox<Bool>()
    private let isFree = DispatchSemaphore(value: 0)

    /// Holds up every hash from now on.
    func hold() { isHolding.withLock { $0 = true } }

    /// Waits until a hash is held up.
    func waitUntilHeld() throws { _ = try held.next() }

    /// Lets the hash that is held up go on, and those after it.
    func letGo() {
        isHolding.withLock { $0 = false }
        isFree.signal()
    }

    /// What the lane hashes with.
    var derive: PasswordDerivation {
        { (password, scheme, length) throws(PasswordHashError) in
            if self.isHolding.withLock({ $0 }) {
                self.held.put(true)
                _ = self.isFree.wait(timeout: .now() + .seconds(20))
            }
            return try PasswordScheme.derivation(password, scheme, length)
        }
    }
}

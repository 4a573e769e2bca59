// SPDX-License-Identifier: Apache-2.0

/// Who a password is hashed for, by whether the service has seen them succeed before.
package enum LanePriority: Sendable {
    /// An account on a network it knows, or a command of the owner or an administrator: may use the whole queue.
    case known
    /// Anybody else: may use one half of the queue, rounded up.
    case stranger
}

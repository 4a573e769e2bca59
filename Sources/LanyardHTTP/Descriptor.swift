// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A file descriptor that is closed when its owner goes.
struct Descriptor: ~Copyable, Sendable {
    /// The number that system calls know it by.
    let number: Int32

    /// Takes a descriptor that nobody else will close.
    init(takingOwnershipOf number: Int32) {
        self.number = number
    }

    /// Opens something harmless, to hold a place in the process's table; `nil` if the table is full.
    static func placeholder() -> Descriptor? {
        let number = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        return number >= 0 ? Descriptor(takingOwnershipOf: number) : nil
    }

    // close(2): Linux frees the descriptor even when it reports EINTR or an error, so there is nothing to do about one.
    deinit { close(number) }
}

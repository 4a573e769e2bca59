// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A value that one thread at a time can reach.
///
/// In the place of the standard library's `Mutex`: on Linux the thread sanitizer does not see that one's hand-over and
/// reports a race at every contended use, so that a real race would drown. It sees `pthread_mutex_lock`.
///
/// `Value` must not be a closure itself: handed through generic code it is wrapped once more at each use, and the wrappers
/// pile up. Put it into a struct.
@safe package final class Guarded<Value: ~Copyable>: @unchecked Sendable {
    // @unchecked Sendable because `value` is reached between pthread_mutex_lock and pthread_mutex_unlock only.
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    /// Guards `value`.
    package init(_ value: consuming sending Value) {
        unsafe lock = .allocate(capacity: 1)
        unsafe lock.initialize(to: pthread_mutex_t())
        let result = unsafe pthread_mutex_init(lock, nil)
        precondition(result == 0, "a mutex of the usual kind needs no resource that can be lacking")
        self.value = value
    }

    deinit {
        unsafe pthread_mutex_destroy(lock)
        unsafe lock.deallocate()
    }

    /// Gives the value to `body` alone; `body` must not block, and must not reach for the same value again.
    package func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        return try body(&value)
    }
}

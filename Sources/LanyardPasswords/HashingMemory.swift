// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The memory that the hashes of one lane are computed in.
///
/// A lane keeps one block instead of asking the allocator for each hash. Above 32 MiB, glibc maps and unmaps every block,
/// and the page faults then cost as much as the hash: 47 MiB with one pass takes 50 ms that way, and 24 ms in a kept
/// block. The block is reserved when the lanes are created, so a hash at the live parameters cannot run out of memory.
@safe final class HashingMemory: @unchecked Sendable {
    // @unchecked Sendable because `isTaken` is reached only on the lane that the block belongs to, by way of `threadKey`.
    private let base: UnsafeMutableRawPointer
    private let byteCount: Int
    private var isTaken = false

    /// Maps a block; `nil` if the system has no room for it.
    init?(byteCount: Int) {
        guard let base = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            unsafe base != MAP_FAILED
        else { return nil }
        unsafe self.base = base
        self.byteCount = byteCount
    }

    deinit { unsafe munmap(base, byteCount) }

    /// Makes every page of the block resident: Linux maps memory that it may not have.
    ///
    /// - Returns: Whether all pages could be provided.
    func touch() -> Bool {
        if unsafe madvise(base, byteCount, Self.populateForWriting) == 0 { return true }
        // Linux before 5.14 does not know the advice.
        guard errno == EINVAL || errno == EPERM || errno == ENOSYS else { return false }
        for offset in stride(from: 0, to: byteCount, by: Int(getpagesize())) {
            unsafe base.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self)
        }
        return true
    }

    /// Runs `body` on this thread, whose hashes of up to `byteCount` bytes are computed in this block.
    func serve(_ body: () -> Void) {
        unsafe pthread_setspecific(Self.threadKey, Unmanaged.passUnretained(self).toOpaque())
        body()
        pthread_setspecific(Self.threadKey, nil)
        withExtendedLifetime(self) {}
    }

    /// Returns memory for one hash: this thread's block, or memory from `malloc` if the block is too small (a stored hash
    /// may need more than a new one) or the thread has none.
    static func take(_ byteCount: Int) -> UnsafeMutablePointer<UInt8>? {
        if let memory = ofThisThread, !memory.isTaken, byteCount <= memory.byteCount {
            memory.isTaken = true
            return unsafe memory.base.assumingMemoryBound(to: UInt8.self)
        }
        return unsafe malloc(byteCount)?.assumingMemoryBound(to: UInt8.self)
    }

    /// Takes back what ``take(_:)`` returned on this thread.
    static func giveBack(_ pointer: UnsafeMutablePointer<UInt8>?) {
        if let memory = ofThisThread, unsafe UnsafeMutableRawPointer(pointer) == memory.base {
            memory.isTaken = false
        } else {
            unsafe free(pointer)
        }
    }

    private static var ofThisThread: HashingMemory? {
        unsafe pthread_getspecific(threadKey).map { unsafe Unmanaged.fromOpaque($0).takeUnretainedValue() }
    }

    private static let threadKey: pthread_key_t = {
        var key = pthread_key_t()
        let code = unsafe pthread_key_create(&key, nil)
        precondition(code == 0, "a process has 1,024 thread keys and this is one of its first")
        return key
    }()

    /// `MADV_POPULATE_WRITE` of `<linux/mman.h>`, which older headers lack.
    private static let populateForWriting: Int32 = 23
}

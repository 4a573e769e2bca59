// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The memory that the hashes of one thread are computed in.
///
/// A thread that hashes again and again keeps one block instead of asking the allocator for it each time. Above 32 MiB glibc
/// maps and unmaps every block anew, and the page faults then cost as much as the hash: 47 MiB with one pass takes 50 ms
/// so, and 24 ms in a kept block. It also makes what stays resident a known figure, whatever the allocator does.
@safe final class HashingMemory {
    private let base: UnsafeMutableRawPointer
    private let byteCount: Int
    private var isTaken = false

    /// Maps a block; its pages become resident as they are first written.
    private init?(byteCount: Int) {
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        guard let base = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0),
            unsafe base != MAP_FAILED
        else { return nil }
        unsafe self.base = base
        self.byteCount = byteCount
    }

    deinit { unsafe munmap(base, byteCount) }

    /// Runs `body` with a block that every hash on this thread of at most `byteCount` bytes is computed in.
    ///
    /// Without room for the block, hashes ask the allocator, each for itself.
    static func kept(ofBytes byteCount: Int, while body: () -> Void) {
        let memory = Self(byteCount: byteCount)
        unsafe pthread_setspecific(threadKey, memory.map { unsafe Unmanaged.passUnretained($0).toOpaque() })
        body()
        pthread_setspecific(threadKey, nil)
        withExtendedLifetime(memory) {}
    }

    /// Returns memory for one hash: this thread's block, or `malloc`'s when there is none that fits.
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
}

// SPDX-License-Identifier: Apache-2.0

internal import CArgon2

/// Derives `length` bytes with Argon2id, version 0x13 (RFC 9106), on the calling thread alone.
///
/// The lanes of a hash are filled in turn (`threads` is 1), which gives the same digest: then a ``PasswordLanes`` of n
/// lanes takes n cores at most, and no thread is started on the way.
///
/// - Throws: ``PasswordHashError/outOfMemory`` or ``PasswordHashError/library(code:)``.
///
/// The C function is `argon2_ctx`.
func deriveWithArgon2id(
    _ password: [UInt8], salt: [UInt8], parameters: Argon2Parameters, length: Int
) throws(PasswordHashError) -> [UInt8] {
    // One buffer for all three, because the C structure wants three pointers at once. The library wipes the password in it,
    // and its own memory, as soon as it has read them.
    var buffer = [UInt8](repeating: 0, count: length) + salt + password
    let code = unsafe buffer.withUnsafeMutableBufferPointer { bytes -> Int32 in
        guard let base = bytes.baseAddress else { return ARGON2_OUTPUT_TOO_SHORT.rawValue }
        var context = unsafe argon2_context()
        unsafe context.out = base
        unsafe context.outlen = UInt32(length)
        unsafe context.salt = base + length
        unsafe context.saltlen = UInt32(salt.count)
        unsafe context.pwd = base + length + salt.count
        unsafe context.pwdlen = UInt32(password.count)
        unsafe context.m_cost = UInt32(parameters.memoryKiB)
        unsafe context.t_cost = UInt32(parameters.iterations)
        unsafe context.lanes = UInt32(parameters.parallelism)
        unsafe context.threads = 1
        unsafe context.version = UInt32(ARGON2_VERSION_13.rawValue)
        unsafe context.flags = lanyard_ARGON2_FLAG_CLEAR_PASSWORD
        unsafe context.allocate_cbk = { block, byteCount in
            guard let block = unsafe block, let memory = unsafe HashingMemory.take(byteCount) else { return -1 }
            unsafe block.pointee = memory
            return 0
        }
        unsafe context.free_cbk = { memory, _ in unsafe HashingMemory.giveBack(memory) }
        return unsafe argon2_ctx(&context, Argon2_id)
    }
    switch code {
    case ARGON2_OK.rawValue: return Array(buffer.prefix(length))
    case ARGON2_MEMORY_ALLOCATION_ERROR.rawValue: throw .outOfMemory
    default: throw .library(code: code)
    }
}

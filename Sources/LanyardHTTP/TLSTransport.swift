// SPDX-License-Identifier: Apache-2.0

internal import CLibssl

/// Where libssl reads and writes the bytes of a session: in memory that is handed to the session for one call.
///
/// The C types are `BIO` and `BIO_METHOD`.
@safe struct TLSTransport: @unchecked Sendable {
    // @unchecked Sendable because nothing changes `method` after init.
    private let method: OpaquePointer

    private static let shared = TLSTransport()

    private init() {
        // Without memory for this there is none for any session.
        guard let method = unsafe BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "lanyard") else {
            preconditionFailure("libcrypto has no memory")
        }
        unsafe self.method = method
        unsafe BIO_meth_set_read_ex(method) { bio, bytes, count, read in
            unsafe TLSTransport.read(bio, bytes, count, read)
        }
        unsafe BIO_meth_set_write_ex(method) { bio, bytes, count, written in
            unsafe TLSTransport.write(bio, bytes, count, written)
        }
        // A flush has nothing to do; nothing else is asked that has an answer.
        unsafe BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
    }

    /// Makes the two ends of `ssl` those of `session`, which has to outlive it.
    @unsafe static func attach(_ session: TLSSession, to ssl: OpaquePointer) {
        guard let bio = unsafe BIO_new(shared.method) else { preconditionFailure("libcrypto has no memory") }
        unsafe BIO_set_data(bio, Unmanaged.passUnretained(session).toOpaque())
        unsafe BIO_set_init(bio, 1)
        unsafe SSL_set_bio(ssl, bio, bio)
    }

    private static func read(
        _ bio: OpaquePointer?, _ bytes: UnsafeMutablePointer<CChar>?, _ capacity: Int,
        _ count: UnsafeMutablePointer<Int>?
    ) -> Int32 {
        unsafe lanyard_BIO_clear_retry_flags(bio)
        let buffer = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: capacity)
        let taken = unsafe session(of: bio)?.takeIncoming(into: buffer) ?? 0
        unsafe count?.pointee = taken
        guard taken == 0 else { return 1 }
        unsafe lanyard_BIO_set_retry_read(bio)
        return 0
    }

    private static func write(
        _ bio: OpaquePointer?, _ bytes: UnsafePointer<CChar>?, _ byteCount: Int, _ count: UnsafeMutablePointer<Int>?
    ) -> Int32 {
        unsafe lanyard_BIO_clear_retry_flags(bio)
        unsafe session(of: bio)?.putOutgoing(UnsafeRawBufferPointer(start: bytes, count: byteCount))
        unsafe count?.pointee = byteCount
        return 1
    }

    private static func session(of bio: OpaquePointer?) -> TLSSession? {
        unsafe BIO_get_data(bio).map { unsafe Unmanaged<TLSSession>.fromOpaque($0).takeUnretainedValue() }
    }
}

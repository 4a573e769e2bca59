// SPDX-License-Identifier: Apache-2.0

internal import CLibssl

/// One side of one TLS connection: a transform of bytes that knows no socket.
///
/// Not for two threads at once. The C type is `SSL`.
@safe package final class TLSSession {
    private let ssl: OpaquePointer
    /// Kept because the context's callbacks reach what it owns.
    private let context: TLSContextHandle

    /// What libssl has not yet taken of the bytes that are being received; empty between two calls.
    private var incoming = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    /// What libssl sends goes to its end; it is the caller's array, and empty between two calls.
    private var outgoing: [UInt8] = []

    /// How far the session is.
    package private(set) var progress = TLSProgress.handshaking
    /// Why the session failed, once it has.
    package private(set) var failure: TLSFailure?
    private var hasClosed = false

    /// Creates the server's side of a connection that has just begun.
    package convenience init(_ context: TLSServerContext) {
        self.init(context.handle, side: .server)
    }

    init(_ context: TLSContextHandle, side: TLSContextHandle.Side) {
        guard let ssl = unsafe context.withHandle({ unsafe SSL_new($0) }) else {
            preconditionFailure("libssl has no memory")
        }
        unsafe self.ssl = ssl
        self.context = context
        switch side {
        case .client: unsafe SSL_set_connect_state(ssl)
        case .server: unsafe SSL_set_accept_state(ssl)
        }
        unsafe TLSTransport.attach(self, to: ssl)
    }

    deinit { unsafe SSL_free(ssl) }

    func withHandle<Value>(_ body: (OpaquePointer) -> Value) -> Value {
        unsafe body(ssl)
    }

    /// Whether the handshake is over and went well.
    package var isEstablished: Bool { progress == .open || progress == .ended }

    /// Whether the peer has sent the beginning of a record, and not yet its end.
    package var holdsPartOfRecord: Bool { unsafe SSL_has_pending(ssl) == 1 }

    /// Takes what came from the peer, all of it.
    ///
    /// Decrypts no more bytes than it is given, and what waits from before of the one record that was cut. What follows the
    /// peer's close_notify, or a failure, is thrown away.
    ///
    /// - Parameters:
    ///   - ciphertext: What came, cut anywhere. None lets a client begin.
    ///   - plaintext: What it says is put at the end.
    ///   - reply: What has to be sent to the peer now is put at the end: handshake messages, alerts, key updates.
    /// - Returns: How far the session is now.
    package func receive(
        _ ciphertext: Span<UInt8>, plaintext: inout [UInt8], reply: inout [UInt8]
    ) -> TLSProgress {
        swap(&outgoing, &reply)
        defer { swap(&outgoing, &reply) }
        unsafe ciphertext.withUnsafeBytes { bytes in
            unsafe incoming = bytes
            advance(into: &plaintext)
            unsafe incoming = UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return progress
    }

    /// Puts `plaintext` at the end of `ciphertext`, in records of 16 KiB at most.
    ///
    /// - Returns: Whether it could be encrypted: not before the handshake is over, nor after ``close(into:)`` or a failure.
    package func encrypt(_ plaintext: Span<UInt8>, into ciphertext: inout [UInt8]) -> Bool {
        guard isEstablished, !hasClosed else { return false }
        guard !plaintext.isEmpty else { return true }
        swap(&outgoing, &ciphertext)
        defer { swap(&outgoing, &ciphertext) }
        ERR_clear_error()
        var written = 0
        let result = unsafe plaintext.withUnsafeBytes { bytes in
            unsafe SSL_write_ex(ssl, bytes.baseAddress, bytes.count, &written)
        }
        guard result == 1, written == plaintext.count else {
            fail()
            return false
        }
        return true
    }

    /// Puts the close_notify at the end of `ciphertext`, once, and none where the session has no way to say it.
    package func close(into ciphertext: inout [UInt8]) {
        guard isEstablished, !hasClosed else { return }
        hasClosed = true
        swap(&outgoing, &ciphertext)
        defer { swap(&outgoing, &ciphertext) }
        ERR_clear_error()
        // 0 says that the peer's has not come yet, which nobody waits for.
        unsafe SSL_shutdown(ssl)
        ERR_clear_error()
    }

    /// Lets libssl have what came, until it asks for more.
    private func advance(into plaintext: inout [UInt8]) {
        if progress == .handshaking {
            ERR_clear_error()
            let result = unsafe SSL_do_handshake(ssl)
            guard result == 1 else { return stop(at: result) }
            progress = .open
        }
        while progress == .open {
            let pending = Int(unsafe SSL_pending(ssl))
            let waiting = unsafe incoming.count
            guard pending > 0 || waiting > 0 else { return }
            read(atMost: max(pending, min(waiting, Self.recordBytes)), into: &plaintext)
        }
    }

    private func read(atMost byteCount: Int, into plaintext: inout [UInt8]) {
        ERR_clear_error()
        var result: Int32 = 0
        plaintext.append(addingCapacity: byteCount) { output in
            unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                var added = 0
                let free = unsafe buffer.baseAddress.map { unsafe $0 + count }
                result = unsafe SSL_read_ex(ssl, free, byteCount, &added)
                count += added
            }
        }
        if result != 1 { stop(at: result) }
    }

    /// Looks why a call came to its end.
    private func stop(at result: Int32) {
        switch unsafe SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: break
        // RFC 8446 §6.1: a farewell in the handshake is none of an open session.
        case SSL_ERROR_ZERO_RETURN where progress == .open: progress = .ended
        default: fail()
        }
    }

    private func fail() {
        progress = .failed
        failure = unsafe .last(of: ssl)
        ERR_clear_error()
    }

    /// Moves what came to where libssl wants it.
    ///
    /// - Returns: How many bytes; 0 when all are taken.
    @unsafe func takeIncoming(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = unsafe min(buffer.count, incoming.count)
        unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: incoming.prefix(count)))
        unsafe incoming = UnsafeRawBufferPointer(rebasing: incoming.dropFirst(count))
        return count
    }

    /// Puts what libssl sends at the end of what is sent.
    @unsafe func putOutgoing(_ bytes: UnsafeRawBufferPointer) {
        unsafe outgoing.append(contentsOf: bytes)
    }

    /// The most application data that one record holds (RFC 8446 §5.1).
    private static let recordBytes = 16_384
}

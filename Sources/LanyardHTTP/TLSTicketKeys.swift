// SPDX-License-Identifier: Apache-2.0

internal import CLibssl
internal import LanyardBase

/// The keys that session tickets are sealed with: the newest for new tickets, the one before for old ones.
///
/// A key makes tickets for an hour and opens them for a second one; then it is gone, and with it every way to read what
/// went over the sessions of TLS 1.2 that it was used for (RFC 5077 §5.5, RFC 9325 §3.4). They never leave the process: a
/// ticket of another replica, or of a process before, is none, and its client makes a whole handshake.
final class TLSTicketKeys: Sendable {
    /// How long a ticket is good for, and how long a key makes new ones.
    static let lifetime: Duration = .seconds(3_600)

    private let ring = Guarded(TLSTicketKeyRing())

    /// Prepares a new ticket: names the key, draws a nonce and sets both contexts up.
    ///
    /// - Returns: What the callback of `SSL_CTX_set_tlsext_ticket_key_evp_cb` returns: 1 to go on, 0 for no ticket.
    @unsafe func seal(
        _ name: UnsafeMutablePointer<UInt8>, _ nonce: UnsafeMutablePointer<UInt8>, cipher: OpaquePointer?,
        mac: OpaquePointer?
    ) -> Int32 {
        let key = ring.withLock { $0.newest(at: .now) }
        guard let key, unsafe RAND_bytes(nonce, EVP_MAX_IV_LENGTH) == 1 else { return 0 }
        unsafe name.update(from: key.name, count: key.name.count)
        guard unsafe EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nil, key.cipherKey.reveal(), nonce) == 1,
            unsafe Self.setMAC(mac, key)
        else { return 0 }
        return 1
    }

    /// Prepares to open a ticket that came.
    ///
    /// - Returns: What the callback of `SSL_CTX_set_tlsext_ticket_key_evp_cb` returns: 1 to go on, 2 to go on and make a
    ///   new ticket, 0 for a ticket of nobody's.
    @unsafe func open(
        _ name: UnsafeMutablePointer<UInt8>, _ nonce: UnsafeMutablePointer<UInt8>, cipher: OpaquePointer?,
        mac: OpaquePointer?
    ) -> Int32 {
        let name = unsafe Array(UnsafeBufferPointer(start: name, count: TLSTicketKey.nameBytes))
        guard let (key, isNewest) = ring.withLock({ $0.key(named: name, at: .now) }),
            unsafe Self.setMAC(mac, key),
            unsafe EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nil, key.cipherKey.reveal(), nonce) == 1
        else { return 0 }
        return isNewest ? 1 : 2
    }

    /// The C function is `EVP_MAC_CTX_set_params`.
    private static func setMAC(_ mac: OpaquePointer?, _ key: TLSTicketKey) -> Bool {
        var bytes = key.macKey.reveal()
        var digest = Array("SHA256".utf8CString)
        return unsafe bytes.withUnsafeMutableBytes { bytes in
            unsafe digest.withUnsafeMutableBufferPointer { digest in
                var parameters = unsafe [
                    OSSL_PARAM_construct_octet_string(text(keyName), bytes.baseAddress, bytes.count),
                    OSSL_PARAM_construct_utf8_string(text(digestName), digest.baseAddress, 0),
                    OSSL_PARAM_construct_end(),
                ]
                return unsafe EVP_MAC_CTX_set_params(mac, &parameters) == 1
            }
        }
    }

    // OSSL_MAC_PARAM_KEY and OSSL_MAC_PARAM_DIGEST: a parameter keeps the address of its name, so it needs one that stays.
    private static let keyName: StaticString = "key"
    private static let digestName: StaticString = "digest"

    private static func text(_ name: StaticString) -> UnsafePointer<CChar> {
        unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    }
}

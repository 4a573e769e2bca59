// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// The two forms of an ECDSA signature with P-256: R ‖ S in JWS (RFC 7518 §3.4), DER in libcrypto (RFC 3279 §2.2.3).
enum ECDSASignature {
    private static let numberByteCount = 32

    /// Returns R ‖ S, 32 bytes each, big-endian; `nil` if `der` is no signature.
    static func joined(derEncoded der: [UInt8]) -> [UInt8]? {
        let signature = unsafe der.withUnsafeBufferPointer { bytes in
            var cursor = bytes.baseAddress
            return unsafe d2i_ECDSA_SIG(nil, &cursor, bytes.count)
        }
        guard let signature = unsafe signature else { return nil }
        defer { unsafe ECDSA_SIG_free(signature) }
        var joined = [UInt8](repeating: 0, count: 2 * numberByteCount)
        let written = unsafe joined.withUnsafeMutableBufferPointer { output in
            let size = Int32(numberByteCount)
            let second = unsafe output.baseAddress.map { unsafe $0 + numberByteCount }
            return unsafe BN_bn2binpad(ECDSA_SIG_get0_r(signature), output.baseAddress, size) == size
                && BN_bn2binpad(ECDSA_SIG_get0_s(signature), second, size) == size
        }
        return written ? joined : nil
    }

    /// Returns the DER form.
    ///
    /// `nil` if `joined` has not 64 bytes. That R and S are in range is checked by libcrypto.
    static func derEncoded(joined: [UInt8]) -> [UInt8]? {
        guard joined.count == 2 * numberByteCount, let signature = unsafe ECDSA_SIG_new() else { return nil }
        defer { unsafe ECDSA_SIG_free(signature) }
        let size = Int32(numberByteCount)
        let r = unsafe BN_bin2bn(Array(joined.prefix(numberByteCount)), size, nil)
        let s = unsafe BN_bin2bn(Array(joined.suffix(numberByteCount)), size, nil)
        guard unsafe ECDSA_SIG_set0(signature, r, s) == 1 else {  // Takes both numbers, if it succeeds.
            unsafe BN_free(r)
            unsafe BN_free(s)
            return nil
        }
        let length = unsafe i2d_ECDSA_SIG(signature, nil)
        guard length > 0 else { return nil }
        return unsafe [UInt8](unsafeUninitializedCapacity: Int(length)) { output, count in
            var cursor = output.baseAddress
            count = Int(unsafe i2d_ECDSA_SIG(signature, &cursor))
        }
    }
}

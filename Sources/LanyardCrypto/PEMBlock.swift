// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto
package import LanyardBase

/// One block of a PEM text (RFC 7468 §2).
package struct PEMBlock: Sendable {
    /// What stands between `-----BEGIN ` and the hyphens.
    package let label: String
    /// Whether a header says that the bytes are encrypted, as in OpenSSL's older forms (RFC 1421 §4.6.1.1).
    package let isEncrypted: Bool
    /// The bytes that the lines encode, as they are: nothing is decrypted, and nobody is asked for a pass phrase.
    package let content: Secret<[UInt8]>

    /// Returns the blocks of `text`, none if no line begins one; what stands between blocks means nothing.
    ///
    /// The C function is `PEM_read_bio`.
    ///
    /// - Throws: ``CryptoError/malformedKey`` if a block does not end, or is no base64.
    package static func blocks(of text: Secret<[UInt8]>) throws(CryptoError) -> [PEMBlock] {
        let text = text.reveal()
        var blocks: [PEMBlock] = []
        var failure: CryptoError?
        unsafe text.withUnsafeBufferPointer { bytes in
            guard let input = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else {
                failure = .lastLibraryError()
                return
            }
            defer { unsafe BIO_free(input) }
            while let block = unsafe next(of: input) { blocks.append(block) }
            // At the end of the text there is no more line that begins a block, and no other error.
            if ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE { failure = .malformedKey }
            ERR_clear_error()
        }
        if let failure { throw failure }
        return blocks
    }

    private static func next(of input: OpaquePointer) -> PEMBlock? {
        var name: UnsafeMutablePointer<CChar>?
        var header: UnsafeMutablePointer<CChar>?
        var content: UnsafeMutablePointer<UInt8>?
        var count = 0
        guard unsafe PEM_read_bio(input, &name, &header, &content, &count) == 1 else { return nil }
        defer {
            unsafe lanyard_OPENSSL_free(name)
            unsafe lanyard_OPENSSL_free(header)
            unsafe lanyard_OPENSSL_clear_free(content, count)
        }
        return unsafe PEMBlock(
            label: name.map { unsafe String(cString: $0) } ?? "",
            isEncrypted: header.map { unsafe String(cString: $0) }?.contains("ENCRYPTED") ?? false,
            content: Secret(Array(UnsafeBufferPointer(start: content, count: count))))
    }
}

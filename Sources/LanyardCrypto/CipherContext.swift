// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto
internal import LanyardBase

/// One use of AES-256-GCM.
///
/// The C type is `EVP_CIPHER_CTX`.
@safe struct CipherContext: ~Copyable {
    enum Direction: Int32 {
        case decrypt = 0
        case encrypt = 1
    }

    private let context: OpaquePointer

    init() throws(CryptoError) {
        guard let context = unsafe EVP_CIPHER_CTX_new() else { throw .lastLibraryError() }
        unsafe self.context = context
    }

    deinit { unsafe EVP_CIPHER_CTX_free(context) }

    func start(_ direction: Direction, key: Secret<[UInt8]>, nonce: [UInt8]) throws(CryptoError) {
        guard unsafe EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nil, key.reveal(), nonce, direction.rawValue) == 1
        else { throw .lastLibraryError() }
    }

    /// Feeds data that is authenticated but not part of the output.
    func authenticate(_ data: [UInt8]) throws(CryptoError) {
        var written: Int32 = 0
        guard unsafe EVP_CipherUpdate(context, nil, &written, data, Int32(data.count)) == 1 else {
            throw .lastLibraryError()
        }
    }

    /// Returns the bytes encrypted or decrypted; GCM is a stream, so the output is as long as the input.
    func process(_ input: [UInt8]) throws(CryptoError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: input.count)
        var written: Int32 = 0
        guard unsafe EVP_CipherUpdate(context, &output, &written, input, Int32(input.count)) == 1,
            written == input.count
        else { throw .lastLibraryError() }
        return output
    }

    func expectTag(_ tag: [UInt8]) throws(CryptoError) {
        var tag = tag
        guard unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1 else {
            throw .lastLibraryError()
        }
    }

    func tag(byteCount: Int) throws(CryptoError) -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: byteCount)
        guard unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(byteCount), &tag) == 1 else {
            throw .lastLibraryError()
        }
        return tag
    }

    /// Ends the operation; when decrypting, returns whether the tag is right.
    func finish() -> Bool {
        var rest: [UInt8] = [0]  // GCM writes nothing here, but libcrypto wants a place.
        var written: Int32 = 0
        return unsafe EVP_CipherFinal_ex(context, &rest, &written) == 1
    }
}

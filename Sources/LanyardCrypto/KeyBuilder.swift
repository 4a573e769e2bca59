// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// The numbers of a key on their way into libcrypto.
///
/// The C type is `OSSL_PARAM_BLD`.
@safe final class KeyBuilder {
    private let builder: OpaquePointer
    private var numbers: [OpaquePointer] = unsafe []  // The builder borrows them until the key is made.
    private var strings: [UnsafeMutablePointer<CChar>] = unsafe []

    init() throws(CryptoError) {
        guard let builder = unsafe OSSL_PARAM_BLD_new() else { throw .lastLibraryError() }
        unsafe self.builder = builder
    }

    deinit {
        unsafe OSSL_PARAM_BLD_free(builder)
        unsafe numbers.forEach { unsafe BN_clear_free($0) }  // Some are secret.
        unsafe strings.forEach { unsafe $0.deallocate() }
    }

    func number(_ name: String, _ bytes: [UInt8]) throws(CryptoError) -> Self {
        guard let number = unsafe BN_bin2bn(bytes, Int32(bytes.count), nil) else { throw .lastLibraryError() }
        unsafe numbers.append(number)
        guard unsafe OSSL_PARAM_BLD_push_BN(builder, kept(name), number) == 1 else { throw .lastLibraryError() }
        return self
    }

    func text(_ name: String, _ text: String) throws(CryptoError) -> Self {
        // Length 0: the text ends at its NUL.
        guard unsafe OSSL_PARAM_BLD_push_utf8_string(builder, kept(name), kept(text), 0) == 1 else {
            throw .lastLibraryError()
        }
        return self
    }

    func octets(_ name: String, _ octets: [UInt8]) throws(CryptoError) -> Self {
        let bytes = unsafe kept(octets.map { CChar(bitPattern: $0) })
        guard unsafe OSSL_PARAM_BLD_push_octet_string(builder, kept(name), bytes, octets.count) == 1 else {
            throw .lastLibraryError()
        }
        return self
    }

    /// Returns a new key, which the caller owns, or `nil` if the numbers are none.
    ///
    /// The C function is `EVP_PKEY_fromdata`.
    func publicKey(type: String) throws(CryptoError) -> OpaquePointer? {
        try unsafe key(type: type, selection: lanyard_EVP_PKEY_PUBLIC_KEY)
    }

    /// Returns a new key pair, which the caller owns, or `nil` if the numbers are none.
    ///
    /// That they belong together is not checked. The C function is `EVP_PKEY_fromdata`.
    func keyPair(type: String) throws(CryptoError) -> OpaquePointer? {
        try unsafe key(type: type, selection: lanyard_EVP_PKEY_KEYPAIR)
    }

    private func key(type: String, selection: Int32) throws(CryptoError) -> OpaquePointer? {
        guard let parameters = unsafe OSSL_PARAM_BLD_to_param(builder) else { throw .lastLibraryError() }
        defer { unsafe OSSL_PARAM_free(parameters) }
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, type, nil) else { throw .lastLibraryError() }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_fromdata_init(context) == 1 else { throw .lastLibraryError() }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_fromdata(context, &key, selection, parameters) == 1 else {
            ERR_clear_error()
            return nil
        }
        return unsafe key
    }

    private func kept(_ text: String) -> UnsafeMutablePointer<CChar> {
        unsafe kept(Array(text.utf8CString))
    }

    /// The builder keeps the addresses of names and strings, not their bytes, so these stay where they are until the end.
    private func kept(_ bytes: [CChar]) -> UnsafeMutablePointer<CChar> {
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        unsafe copy.initialize(from: bytes, count: bytes.count)
        unsafe strings.append(copy)
        return unsafe copy
    }
}

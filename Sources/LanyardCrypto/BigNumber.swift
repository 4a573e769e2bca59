// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// A number of any size that is not negative, and is wiped when it goes.
///
/// Not in constant time: for numbers of the machine's own operator. The C type is `BIGNUM`.
@safe final class BigNumber {
    private let number: OpaquePointer

    private init(takingOwnershipOf number: OpaquePointer?) throws(CryptoError) {
        guard let number = unsafe number else { throw .lastLibraryError() }
        unsafe self.number = number
    }

    /// Creates the number that the bytes are, big-endian.
    convenience init(_ bytes: [UInt8]) throws(CryptoError) {
        try unsafe self.init(takingOwnershipOf: BN_bin2bn(bytes, Int32(bytes.count), nil))
    }

    deinit { unsafe BN_clear_free(number) }

    var isOne: Bool { unsafe BN_is_one(number) == 1 }
    var isOdd: Bool { unsafe BN_is_odd(number) == 1 }
    var isZero: Bool { unsafe BN_is_zero(number) == 1 }

    /// The number, big-endian, without leading zero bytes.
    var bytes: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Int(unsafe lanyard_BN_num_bytes(number))) { output, count in
            count = unsafe output.baseAddress.map { unsafe Int(BN_bn2bin(number, $0)) } ?? 0
        }
    }

    func isEqual(to other: BigNumber) -> Bool { unsafe BN_cmp(number, other.number) == 0 }

    /// Returns the product.
    func times(_ other: BigNumber) throws(CryptoError) -> BigNumber {
        try unsafe result { unsafe BN_mul($0, number, other.number, $1) }
    }

    /// Returns the number less one; it must not be zero.
    func lessOne() throws(CryptoError) -> BigNumber {
        try unsafe result { result, _ in unsafe BN_copy(result, number) == nil ? 0 : BN_sub_word(result, 1) }
    }

    /// Returns half of the number, rounded down.
    func half() throws(CryptoError) -> BigNumber {
        try unsafe result { result, _ in unsafe BN_rshift1(result, number) }
    }

    /// Returns the quotient, rounded down, and the rest.
    func divided(by other: BigNumber) throws(CryptoError) -> (quotient: BigNumber, rest: BigNumber) {
        let rest = try BigNumber([])
        let quotient = try unsafe result { unsafe BN_div($0, rest.number, number, other.number, $1) }
        return (quotient, rest)
    }

    /// Returns the power modulo `modulus`, which is odd.
    func power(_ exponent: BigNumber, modulo modulus: BigNumber) throws(CryptoError) -> BigNumber {
        try unsafe result { unsafe BN_mod_exp($0, number, exponent.number, modulus.number, $1) }
    }

    /// Returns the square modulo `modulus`.
    func square(modulo modulus: BigNumber) throws(CryptoError) -> BigNumber {
        try unsafe result { unsafe BN_mod_sqr($0, number, modulus.number, $1) }
    }

    /// Returns the greatest common divisor.
    func greatestCommonDivisor(with other: BigNumber) throws(CryptoError) -> BigNumber {
        try unsafe result { unsafe BN_gcd($0, number, other.number, $1) }
    }

    /// Returns the inverse modulo `modulus`; `nil` if there is none.
    func inverse(modulo modulus: BigNumber) -> BigNumber? {
        let inverse = try? unsafe result { unsafe BN_mod_inverse($0, number, modulus.number, $1) == nil ? 0 : 1 }
        if inverse == nil { ERR_clear_error() }
        return inverse
    }

    /// Makes a number with a call of libcrypto that returns 1 if it succeeds.
    private func result(
        _ operation: (_ result: OpaquePointer, _ context: OpaquePointer) -> Int32
    ) throws(CryptoError) -> BigNumber {
        let result = try BigNumber([])
        guard let context = unsafe BN_CTX_secure_new() else { throw .lastLibraryError() }
        defer { unsafe BN_CTX_free(context) }
        guard unsafe operation(result.number, context) == 1 else { throw .lastLibraryError() }
        return result
    }
}

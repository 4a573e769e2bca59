// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

extension PrivateKey.Parameters.RSA {
    /// Collects the numbers of a key that was given by its exponents alone: finds the primes of `n`.
    ///
    /// RFC 7518 §6.3.2 lets a JWK leave out all private members but `d`. The method is that of NIST SP 800-56B appendix C:
    /// `e·d − 1` is a multiple of the order of every number modulo `n`, so it gives square roots of one, and any but ±1 gives a
    /// prime. Each base fails for less than half of all keys.
    ///
    /// - Parameters:
    ///   - n: The modulus, big-endian, without leading zero bytes; at most 8192 bits are tried.
    ///   - e: The public exponent.
    ///   - d: The private exponent.
    /// - Throws: ``CryptoError/malformedKey`` if the numbers are no key pair with two primes.
    package init(recoveringFrom n: [UInt8], e: [UInt8], d: Secret<[UInt8]>) throws(CryptoError) {
        guard n.count <= 1_024, e.count <= 8, d.reveal().count <= n.count else { throw .malformedKey }
        let (modulus, exponent) = (try BigNumber(n), try BigNumber(d.reveal()))
        let product = try exponent.times(BigNumber(e))
        guard modulus.isOdd, !modulus.isOne, product.isOdd, !product.isOne else { throw .malformedKey }
        guard let prime = try Self.prime(of: modulus, fromMultipleOfOrder: product.lessOne()) else {
            throw .malformedKey
        }
        let (other, rest) = try modulus.divided(by: prime)
        guard rest.isZero, let inverse = other.inverse(modulo: prime) else { throw .malformedKey }
        self.init(
            n: n, e: e, d: d, p: Secret(prime.bytes), q: Secret(other.bytes),
            dp: Secret(try exponent.divided(by: prime.lessOne()).rest.bytes),
            dq: Secret(try exponent.divided(by: other.lessOne()).rest.bytes), qi: Secret(inverse.bytes))
    }

    private static func prime(
        of modulus: BigNumber, fromMultipleOfOrder multiple: BigNumber
    ) throws(CryptoError) -> BigNumber? {
        var odd = multiple
        var halvings = 0
        while !odd.isOdd {
            odd = try odd.half()
            halvings += 1
        }
        let minusOne = try modulus.lessOne()
        for base in bases {
            var root = try BigNumber([base]).power(odd, modulo: modulus)
            for _ in 0..<halvings where !root.isOne && !root.isEqual(to: minusOne) {
                let square = try root.square(modulo: modulus)
                if square.isOne { return try root.lessOne().greatestCommonDivisor(with: modulus) }
                root = square
            }
        }
        return nil
    }

    /// All fail for one key in 2^46 at most.
    private static let bases: [UInt8] = [
        2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
        109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197, 199,
    ]
}

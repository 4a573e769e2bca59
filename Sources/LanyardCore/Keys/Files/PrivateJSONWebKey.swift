// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCrypto

/// A private key as JWK carries it (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2).
///
/// What `use`, `key_ops` and `alg` say, if they are there, is believed. Leading zero bytes of numbers do not count, because many programs write
/// them: those that pad to a fixed length (.NET) or add a byte for the sign (Java). `kid` is not read: a key of ours is named by
/// its thumbprint, which is that of the numbers in their shortest form.
struct PrivateJSONWebKey {
    private let object: JSONObject

    init(parsing bytes: Secret<[UInt8]>) throws(KeyFileError) {
        var limits = JSONLimits()
        limits.maximumStringBytes = 16_384  // Certificates in `x5c`, which are not read.
        guard let object = try? JSONObject(parsing: bytes.reveal(), limits: limits) else { throw .damaged }
        self.object = object
    }

    /// Returns the key, once all that the JWK says of it is found to allow signatures.
    ///
    /// - Parameter preferred: What an RSA key without `alg` is used with, if that is for RSA; otherwise RS256.
    /// - Returns: The key, with the one algorithm that it is used with.
    /// - Throws: ``KeyFileError``.
    func key(preferring preferred: SigningAlgorithm) throws(KeyFileError) -> PrivateKey {
        guard let type = object["kty"] else { throw object["keys"] == nil ? .missingMember(name: "kty") : .keySet }
        guard type.string != nil else { throw .damaged }
        let allowed = try algorithms(ofType: type, preferring: preferred)
        guard object["d"] != nil else { throw .publicOnly }
        guard object["oth"] == nil else { throw .unsupported }  // RFC 7518 §6.3.2.7: more primes than two.
        try requireSigning()
        let algorithm = try chosen(from: allowed)
        let parameters = try parameters(for: algorithm)
        do { return try PrivateKey(parameters, algorithm: algorithm) } catch { throw KeyFileError(error) }
    }

    /// What keys of a type are used with, first what is taken if the JWK does not say.
    private func algorithms(
        ofType type: JSONValue, preferring preferred: SigningAlgorithm
    ) throws(KeyFileError) -> [SigningAlgorithm] {
        switch type {
        case "RSA": return preferred == .ps256 ? [.ps256, .rs256] : [.rs256, .ps256]
        case "EC": return [try requireCurve("P-256", for: .es256)]
        case "OKP": return [try requireCurve("Ed25519", for: .edDSA)]
        case "oct": throw .symmetric
        default: throw .unsupported
        }
    }

    private func requireCurve(
        _ name: JSONValue, for algorithm: SigningAlgorithm
    ) throws(KeyFileError) -> SigningAlgorithm {
        guard let curve = object["crv"] else { throw .missingMember(name: "crv") }
        guard curve.string != nil else { throw .damaged }
        guard curve == name else { throw .unsupported }
        return algorithm
    }

    private func requireSigning() throws(KeyFileError) {
        if let use = object["use"] {
            guard use.string != nil else { throw .damaged }
            guard use == "sig" else { throw .notForSigning }
        }
        if let operations = object["key_ops"] {
            guard let operations = operations.array, operations.allSatisfy({ $0.string != nil }) else {
                throw .damaged
            }
            guard operations.contains("sign") else { throw .notForSigning }
        }
    }

    private func chosen(from allowed: [SigningAlgorithm]) throws(KeyFileError) -> SigningAlgorithm {
        guard let declared = object["alg"] else { return allowed[0] }
        guard declared.string != nil else { throw .damaged }
        let algorithm = allowed.first {
            // RFC 9864 §2.2: the same algorithm by its own name.
            .string($0.rawValue) == declared || $0 == .edDSA && declared == "Ed25519"
        }
        guard let algorithm else { throw .wrongAlgorithm }
        return algorithm
    }

    private func parameters(for algorithm: SigningAlgorithm) throws(KeyFileError) -> PrivateKey.Parameters {
        switch algorithm {
        case .rs256, .ps256: .rsa(try numbersOfRSA())
        case .es256: .p256(x: try coordinate("x"), y: try coordinate("y"), d: Secret(try coordinate("d")))
        case .edDSA: .ed25519(x: try bytes("x"), d: Secret(try bytes("d")))
        }
    }

    /// RFC 7518 §6.3.2: of the private numbers, all may be left out but `d`, or none.
    private func numbersOfRSA() throws(KeyFileError) -> PrivateKey.Parameters.RSA {
        let (n, e, d) = (try integer("n"), try integer("e"), Secret(try integer("d")))
        guard ["p", "q", "dp", "dq", "qi"].contains(where: { object[$0] != nil }) else {
            do { return try PrivateKey.Parameters.RSA(recoveringFrom: n, e: e, d: d) } catch {
                throw KeyFileError(error)
            }
        }
        return PrivateKey.Parameters.RSA(
            n: n, e: e, d: d, p: Secret(try integer("p")), q: Secret(try integer("q")), dp: Secret(try integer("dp")),
            dq: Secret(try integer("dq")), qi: Secret(try integer("qi")))
    }

    /// Returns a number in its shortest form (RFC 7518 §2, Base64urlUInt).
    private func integer(_ name: String) throws(KeyFileError) -> [UInt8] {
        let number = try bytes(name).drop { $0 == 0 }
        guard !number.isEmpty else { throw .damaged }
        return Array(number)
    }

    /// Returns a number that has 32 bytes, without the zeros before them (RFC 7518 §6.2.1.2).
    private func coordinate(_ name: String) throws(KeyFileError) -> [UInt8] {
        let bytes = try bytes(name)
        let excess = max(0, bytes.count - 32)
        guard bytes.prefix(excess).allSatisfy({ $0 == 0 }) else { throw .damaged }
        return Array(bytes.dropFirst(excess))
    }

    private func bytes(_ name: String) throws(KeyFileError) -> [UInt8] {
        guard let value = object[name] else { throw .missingMember(name: name) }
        guard let text = value.string, let bytes = try? Base64URL.decode(text) else { throw .damaged }
        return bytes
    }
}

// SPDX-License-Identifier: Apache-2.0

extension PasswordHash {
    /// Reads a stored hash, byte for byte as ``phcString`` writes it: `$argon2id$v=19$m=…,t=…,p=…$salt$digest`.
    ///
    /// The order of the parameters is fixed, decimals have no leading zeros, and base64 is canonical and unpadded, so
    /// that one hash has one spelling.
    ///
    /// - Throws: ``PasswordHashError``, for the first thing that is wrong from left to right.
    ///
    /// Source: the PHC string format; its page for Argon2, for the order `m,t,p` and the lengths.
    package init(phc text: [UInt8]) throws(PasswordHashError) {
        // Longer than the longest of any part put together; also bounds the work on what is no hash.
        guard text.count <= 256 else { throw .malformed(.structure) }
        let fields = text.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard fields.count >= 2, fields[0].isEmpty, isIdentifier(fields[1]) else { throw .malformed(.structure) }
        guard fields[1].elementsEqual("argon2id".utf8) else { throw .unsupportedScheme }
        // Without the field the version is 0x10.
        guard fields.count < 3 || !fields[2].starts(with: "m=".utf8) else { throw .unsupportedVersion }
        guard fields.count == 6 else { throw .malformed(.structure) }
        guard let version = number(fields[2], named: "v") else { throw .malformed(.version) }
        guard version == 19 else { throw .unsupportedVersion }
        let parameters = try argon2Parameters(fields[3])
        guard let salt = bytes(ofUnpaddedBase64: fields[4]), Self.saltLengths.contains(salt.count) else {
            throw .malformed(.salt)
        }
        guard let digest = bytes(ofUnpaddedBase64: fields[5]), Self.digestLengths.contains(digest.count) else {
            throw .malformed(.digest)
        }
        self.init(scheme: .argon2id(parameters, salt: salt), digest: digest)
    }

    /// The hash as it is stored, before it is sealed.
    package var phcString: String {
        switch scheme {
        case .argon2id(let cost, let salt):
            "$argon2id$v=19$m=\(cost.memoryKiB),t=\(cost.iterations),p=\(cost.parallelism)"
                + "$\(unpaddedBase64(of: salt))$\(unpaddedBase64(of: digest))"
        }
    }
}

private func argon2Parameters(_ field: ArraySlice<UInt8>) throws(PasswordHashError) -> Argon2Parameters {
    let parts = field.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard parts.count == 3, let memory = number(parts[0], named: "m"), let iterations = number(parts[1], named: "t"),
        let parallelism = number(parts[2], named: "p")
    else { throw .malformed(.parameters) }
    return try Argon2Parameters(memoryKiB: memory, iterations: iterations, parallelism: parallelism)
}

/// Reads `name=decimal`, the decimal being 32 bits at most and without leading zeros.
private func number(_ field: ArraySlice<UInt8>, named name: String) -> Int? {
    let prefix = Array("\(name)=".utf8)
    guard field.starts(with: prefix) else { return nil }
    let digits = field.dropFirst(prefix.count)
    guard (1...10).contains(digits.count), digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
        digits.count == 1 || digits.first != UInt8(ascii: "0")
    else { return nil }
    let value = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    return value <= UInt32.max ? value : nil
}

private func isIdentifier(_ field: ArraySlice<UInt8>) -> Bool {
    (1...32).contains(field.count)
        && field.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
}

// SPDX-License-Identifier: Apache-2.0

/// Everything about a stored hash that decides how long a check takes: scheme, cost, and the lengths of salt and digest.
package struct PasswordHashKind: Hashable, Sendable {
    private enum Form: Hashable, Sendable {
        case argon2id(Argon2Parameters, saltLength: Int, digestLength: Int)
    }

    private let form: Form

    /// The kind of hashes that are made under `parameters`.
    package init(_ parameters: Argon2Parameters) {
        form = .argon2id(
            parameters, saltLength: PasswordScheme.saltLength, digestLength: PasswordScheme.digestLength)
    }

    init(of hash: PasswordHash) {
        switch hash.scheme {
        case .argon2id(let parameters, let salt):
            form = .argon2id(parameters, saltLength: salt.count, digestLength: hash.digest.count)
        }
    }

    /// Reads what ``text`` gives; `nil` for anything else, such as the scheme of a newer release.
    package init?(_ text: String) {
        let fields = text.split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count == 6, fields[0] == "argon2id" else { return nil }
        var numbers: [Int] = []
        for (name, field) in zip(["m", "t", "p", "salt", "digest"], fields.dropFirst()) {
            let parts = field.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0] == name, let number = Int(parts[1]) else { return nil }
            numbers.append(number)
        }
        guard
            let parameters = try? Argon2Parameters(
                memoryKiB: numbers[0], iterations: numbers[1], parallelism: numbers[2]),
            PasswordHash.saltLengths.contains(numbers[3]), PasswordHash.digestLengths.contains(numbers[4])
        else { return nil }
        form = .argon2id(parameters, saltLength: numbers[3], digestLength: numbers[4])
    }

    /// The kind in plain text, as the store keeps it beside the sealed hash.
    package var text: String {
        switch form {
        case .argon2id(let cost, let saltLength, let digestLength):
            "argon2id m=\(cost.memoryKiB) t=\(cost.iterations) p=\(cost.parallelism)"
                + " salt=\(saltLength) digest=\(digestLength)"
        }
    }

    /// Makes a hash of this kind that no password is known to match.
    ///
    /// - Parameter random: Unpredictable bytes.
    /// - Returns: The hash.
    package func unmatchable(random: (Int) -> [UInt8]) -> PasswordHash {
        switch form {
        case .argon2id(let parameters, let saltLength, let digestLength):
            PasswordHash(scheme: .argon2id(parameters, salt: random(saltLength)), digest: random(digestLength))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import LanyardCrypto
import LanyardVerifier
import Testing

/// A file of Tests/Vectors/tokens; its README tells the format.
struct TokenVector: CustomTestStringConvertible, Sendable {
    let name: String
    let fields: [String: String]
    let token: [UInt8]

    var testDescription: String { name }

    /// The error that the vector expects; `nil` for a token that is good.
    let expectedError: TokenError?

    static let now = NumericDate(1_700_000_000)

    static let all: [TokenVector] = {
        do {
            return try VectorFile.names(in: folder).map(TokenVector.init(file:))
        } catch {
            fatalError("the token vectors cannot be read: \(error)")
        }
    }()

    static func named(_ name: String) throws -> TokenVector {
        guard let vector = all.first(where: { $0.name == name }) else { throw Unreadable(name: name) }
        return vector
    }

    static func keySet(_ file: String) throws -> KeySet {
        try KeySet(parsing: bytes(of: file))
    }

    static func bytes(of file: String) throws -> [UInt8] {
        try Array(Data(contentsOf: folder.appending(path: file)))
    }

    var keys: KeySet {
        get throws { try Self.keySet(fields["keys"] ?? "keys.json") }
    }

    var verifier: Verifier {
        get throws {
            var options = Verifier.Options()
            if let leeway = fields["leeway"] {
                guard let seconds = Int(leeway) else { throw Unreadable(name: name) }
                options.leeway = .seconds(seconds)
            }
            if let types = fields["types"] {
                options.types = types.split(separator: " ").map { $0 == "jwt" ? .jwt : .accessToken }
            }
            if let algorithms = fields["algorithms"] {
                options.algorithms = algorithms.split(separator: " ").compactMap {
                    SignatureAlgorithm(rawValue: String($0))
                }
            }
            return Verifier(issuer: fields["issuer"] ?? "https://issuer.example", audience: "api", options: options)
        }
    }

    typealias Unreadable = VectorFile.Unreadable

    private static let folder = VectorFile.folder("tokens")

    private init(file: String) throws {
        let vector = try VectorFile(folder: Self.folder, file: file)
        (name, fields, token) = (vector.name, vector.fields, vector.token)
        expectedError = try vector.refusal.map { try Self.error(of: $0, name: vector.name) }
    }

    private static func error(of refusal: VectorFile.Refusal, name: String) throws -> TokenError {
        let fact = refusal.fact
        let date = fact.flatMap(Double.init).map { NumericDate($0) }
        let error: TokenError? =
            switch refusal.word {
            case "too-large": fact.flatMap { Int($0) }.map(TokenError.tooLarge(limitBytes:))
            case "malformed": fact.flatMap(malformation).map(TokenError.malformed)
            case "unsupported-header": fact.map(TokenError.unsupportedHeader(name:))
            case "wrong-type": .wrongType
            case "unsupported-algorithm": .unsupportedAlgorithm
            case "unknown-key": .unknownKey(id: fact)
            case "ambiguous-key": .ambiguousKey
            case "algorithm-mismatch": .algorithmMismatch
            case "bad-signature": .badSignature
            case "wrong-issuer": .wrongIssuer
            case "wrong-audience": .wrongAudience
            case "expired": date.map(TokenError.expired(at:))
            case "not-yet-valid": date.map(TokenError.notYetValid(until:))
            case "issued-in-future": date.map(TokenError.issuedInFuture(at:))
            case "missing-claim": fact.map(TokenError.missingClaim(name:))
            case "invalid-claim": fact.map(TokenError.invalidClaim(name:))
            case "bound-to-key": .boundToKey
            default: nil
            }
        guard let error else { throw Unreadable(name: name) }
        return error
    }

    static func malformation(_ word: String) -> TokenError.Malformation? {
        switch word {
        case "structure": .structure
        case "encoding": .encoding
        case "header": .header
        case "claims": .claims
        default: nil
        }
    }
}

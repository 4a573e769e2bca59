// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import LanyardVerifier
import Testing

/// A file of Tests/Vectors/statuses; its README tells the format.
struct StatusVector: CustomTestStringConvertible, Sendable {
    let name: String
    let fields: [String: String]
    let token: [UInt8]

    var testDescription: String { name }

    /// The error that the vector expects; `nil` for a list that is good.
    let expectedError: StatusListError?

    static let all: [StatusVector] = {
        do {
            return try VectorFile.names(in: folder).map(StatusVector.init(file:))
        } catch {
            fatalError("the status list vectors cannot be read: \(error)")
        }
    }()

    /// The list, as the verifier reads it.
    func list() throws -> StatusList {
        let file = Self.folder.appending(path: fields["keys"] ?? "../tokens/keys.json")
        return try Verifier(issuer: fields["issuer"] ?? "https://issuer.example", audience: "api").statusList(
            parsing: token, for: fields["uri"] ?? "https://issuer.example/status/1",
            keys: KeySet(parsing: Array(Data(contentsOf: file))), at: TokenVector.now)
    }

    /// Some indexes and their statuses.
    var values: [(index: Int64, status: TokenStatus)] {
        get throws {
            try (fields["values"] ?? "").split(separator: " ").map { pair in
                let numbers = pair.split(separator: "=").compactMap { Int64($0) }
                guard numbers.count == 2, let value = UInt8(exactly: numbers[1]) else {
                    throw VectorFile.Unreadable(name: name)
                }
                let names: [TokenStatus] = [.valid, .invalid, .suspended]
                return (numbers[0], value < 3 ? names[Int(value)] : .other(value))
            }
        }
    }

    /// Some indexes that the list does not have.
    var outside: [Int64] { (fields["outside"] ?? "").split(separator: " ").compactMap { Int64($0) } }

    private static let folder = VectorFile.folder("statuses")

    private init(file: String) throws {
        let vector = try VectorFile(folder: Self.folder, file: file)
        (name, fields, token) = (vector.name, vector.fields, vector.token)
        expectedError = try vector.refusal.map { try Self.error(of: $0, name: vector.name) }
    }

    private static func error(of refusal: VectorFile.Refusal, name: String) throws -> StatusListError {
        let fact = refusal.fact
        let date = fact.flatMap(Double.init).map { NumericDate($0) }
        let error: StatusListError? =
            switch refusal.word {
            case "malformed": fact.flatMap(TokenVector.malformation).map(StatusListError.malformed)
            case "unsupported-header": fact.map(StatusListError.unsupportedHeader(name:))
            case "wrong-type": .wrongType
            case "unsupported-algorithm": .unsupportedAlgorithm
            case "unknown-key": .unknownKey(id: fact)
            case "algorithm-mismatch": .algorithmMismatch
            case "bad-signature": .badSignature
            case "wrong-issuer": .wrongIssuer
            case "wrong-address": .wrongAddress
            case "expired": date.map(StatusListError.expired(at:))
            case "not-yet-valid": date.map(StatusListError.notYetValid(until:))
            case "issued-in-future": date.map(StatusListError.issuedInFuture(at:))
            case "missing-claim": fact.map(StatusListError.missingClaim(name:))
            case "invalid-claim": fact.map(StatusListError.invalidClaim(name:))
            case "list-not-base64url": .listNotBase64URL
            case "list-corrupt": .listCorrupt
            case "list-truncated": .listTruncated
            case "list-with-trailing-bytes": .listWithTrailingBytes
            case "list-too-large": fact.flatMap { Int($0) }.map(StatusListError.listTooLarge(limitBytes:))
            default: nil
            }
        guard let error else { throw VectorFile.Unreadable(name: name) }
        return error
    }
}

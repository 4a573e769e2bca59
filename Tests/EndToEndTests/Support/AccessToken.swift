// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The parts of an access token, decoded and not verified.
struct AccessToken {
    let header: JSONObject
    let claims: JSONObject
    let signature: [UInt8]

    init(_ compact: String) throws {
        let parts = compact.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw Failure("not three parts: \(compact)") }
        let bytes = try parts.map { try Self.decode($0) }
        header = try JSONObject(bytes[0])
        claims = try JSONObject(bytes[1])
        signature = bytes[2]
    }

    /// Decodes base64url without padding (RFC 7515 §2).
    static func decode(_ text: some StringProtocol) throws -> [UInt8] {
        guard text.utf8.allSatisfy({ alphabet.contains($0) }) else { throw Failure("not base64url: \(text)") }
        let standard = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        let padded = String(standard) + String(repeating: "=", count: (4 - standard.count % 4) % 4)
        guard let data = Data(base64Encoded: padded) else { throw Failure("not base64url: \(text)") }
        return [UInt8](data)
    }

    private static let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
}

// SPDX-License-Identifier: Apache-2.0

package import LanyardCoding
internal import LanyardCrypto
package import LanyardVerifier

/// A status list as a verifier reads it.
package struct ServedStatusList {
    package let header: JSONObject
    package let claims: JSONObject
    package let bytes: [UInt8]

    package init(_ token: [UInt8], keys: KeySet) throws {
        let parts = String(decoding: token, as: UTF8.self).split(separator: ".").map(String.init)
        guard parts.count == 3 else { throw Unreadable() }
        let header = try JSONObject(parsing: Base64URL.decode(parts[0]))
        self.header = header
        guard let key = keys.keys.first(where: { $0.id == header["kid"]?.string }) else { throw Unreadable() }
        let isSigned = try key.publicKey.isValidSignature(
            Base64URL.decode(parts[2]), for: Array("\(parts[0]).\(parts[1])".utf8))
        guard isSigned else { throw Unreadable() }
        let claims = try JSONObject(parsing: Base64URL.decode(parts[1]))
        self.claims = claims
        guard let text = claims["status_list"]?.object?["lst"]?.string else { throw Unreadable() }
        bytes = try Inflate.zlib(Base64URL.decode(text), limitBytes: 1 << 20)
    }

    /// The indices whose bit is set, least significant bit first (Token Status List §4.1).
    package var indices: [Int] {
        bytes.indices.flatMap { place in (0..<8).filter { bytes[place] >> $0 & 1 == 1 }.map { place * 8 + $0 } }
    }

    package func seconds(_ name: String) throws -> Int64 {
        guard let seconds = claims[name]?.integer else { throw Unreadable() }
        return seconds
    }
}

/// A list that no verifier would accept.
package struct Unreadable: Error {}

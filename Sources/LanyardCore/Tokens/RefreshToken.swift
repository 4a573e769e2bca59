// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardCoding
package import LanyardCrypto

/// What a refresh token says: which session, and which generation of it.
package struct RefreshToken: Equatable, Sendable {
    /// The session's id.
    package var sessionID: SessionID
    /// The generation, 1 or more.
    package var generation: Int64

    /// Creates a token's content.
    package init(sessionID: SessionID, generation: Int64) {
        self.sessionID = sessionID
        self.generation = generation
    }
}

/// Writes and reads refresh tokens: `rt1.<session id>.<generation>.<MAC>`.
///
/// The MAC is HMAC-SHA-256 (256 bits) of everything before its dot. A forged or garbled token is refused without a read
/// of the store, and a stolen copy of the store yields no token.
package struct RefreshTokenCodec: Sendable {
    private let maker: HMACSHA256
    private let others: [HMACSHA256]

    /// Creates a codec that makes with `maker`, and checks with `others` too.
    package init(maker: HMACSHA256, others: [HMACSHA256]) {
        self.maker = maker
        self.others = others
    }

    /// Returns the text of `token`; the same text each time while the key that makes stays.
    package func encode(_ token: RefreshToken) -> String {
        let signed = "rt1.\(token.sessionID).\(token.generation)"
        let mac = maker.authenticationCode(for: Array(signed.utf8))
        return signed + "." + Base64URL.encode(mac)
    }

    /// Returns what `text` says if this service made it; `nil` for everything else.
    package func decode(_ text: [UInt8]) -> RefreshToken? {
        guard text.count <= Self.maximumByteCount, let lastDot = text.lastIndex(of: UInt8(ascii: ".")) else {
            return nil
        }
        let signed = Array(text[..<lastDot])
        guard let mac = try? Base64URL.decode(Array(text[(lastDot + 1)...])), isMade(mac, signed) else { return nil }
        // Made by us, so the form is known; what is read here was written by `encode`.
        let parts = signed.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].elementsEqual("rt1".utf8), parts[2].allSatisfy({ 0x30...0x39 ~= $0 }),
            let generation = Int64(String(decoding: parts[2], as: Unicode.ASCII.self)), generation > 0
        else { return nil }
        return RefreshToken(
            sessionID: SessionID(String(decoding: parts[1], as: Unicode.ASCII.self)), generation: generation)
    }

    private func isMade(_ mac: [UInt8], _ signed: [UInt8]) -> Bool {
        if isEqualInConstantTime(mac, maker.authenticationCode(for: signed)) { return true }
        return others.contains { isEqualInConstantTime(mac, $0.authenticationCode(for: signed)) }
    }

    /// `rt1.` 4, session id 22, dot 1, generation 19 at most, dot 1, MAC 43; with room for longer ids.
    private static let maximumByteCount = 160
}

// SPDX-License-Identifier: Apache-2.0

/// The standard alphabet of RFC 4648 §4.
private let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

/// Writes bytes in base64 without padding.
func unpaddedBase64(of bytes: [UInt8]) -> String {
    let alphabet = alphabet
    var digits: [UInt8] = []
    var pending: UInt32 = 0
    var pendingBits = 0
    for byte in bytes {
        pending = pending << 8 | UInt32(byte)
        pendingBits += 8
        while pendingBits >= 6 {
            pendingBits -= 6
            digits.append(alphabet[Int(pending >> pendingBits & 0x3F)])
        }
    }
    if pendingBits > 0 {
        digits.append(alphabet[Int(pending << (6 - pendingBits) & 0x3F)])
    }
    return String(decoding: digits, as: Unicode.ASCII.self)
}

/// Reads base64 without padding, or returns `nil` for another spelling of the bytes than ``unpaddedBase64(of:)`` writes.
func bytes(ofUnpaddedBase64 text: ArraySlice<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var pending: UInt32 = 0
    var pendingBits = 0
    for digit in text {
        guard let value = alphabet.firstIndex(of: digit) else { return nil }
        pending = pending << 6 | UInt32(value)
        pendingBits += 6
        if pendingBits >= 8 {
            pendingBits -= 8
            bytes.append(UInt8(truncatingIfNeeded: pending >> pendingBits))
        }
    }
    // Six bits left are a digit that adds no byte; what is left otherwise must be zero (RFC 4648 §3.5).
    guard pendingBits < 6, pending & (1 << pendingBits - 1) == 0 else { return nil }
    return bytes
}

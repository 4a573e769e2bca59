// SPDX-License-Identifier: Apache-2.0

/// The one protocol that is spoken under TLS, as ALPN names it (RFC 7301 §3.1, §6).
enum TLSProtocolName {
    /// `http/1.1`.
    static let http = Array("http/1.1".utf8)

    /// The list that a client offers: each name after its length.
    static let offer = [UInt8(http.count)] + http

    /// Returns where ``http`` begins in a client's list, or `nil` if the client does not speak it.
    static func offset(in list: Span<UInt8>) -> Int? {
        var position = 0
        while position < list.count {
            let start = position + 1
            let end = start + Int(list[position])
            guard end <= list.count else { return nil }
            if list.bytes(start..<end, equal: http) { return start }
            position = end
        }
        return nil
    }
}

extension Span<UInt8> {
    fileprivate func bytes(_ range: Range<Int>, equal other: [UInt8]) -> Bool {
        range.count == other.count && range.allSatisfy { self[$0] == other[$0 - range.lowerBound] }
    }
}

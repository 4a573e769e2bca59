// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
package import LanyardHTTP

/// Reads `Cookie` as strictly as it is written by browsers (RFC 6265bis §4.2.1, §5.8.3).
package enum CookieField {
    /// Returns the value of the cookie named `name`; `nil` if there is none, or an empty one.
    ///
    /// Names are compared byte by byte: browsers guard `__Host-` however it is written, and older ones only as it is here, so
    /// what is written otherwise may be anybody's.
    ///
    /// - Throws: ``CookieError/repeated(name:)`` if there are two, for then one of them was planted and nobody can tell which;
    ///   ``CookieError/impossible(name:)`` for a value that no browser would have kept.
    package static func value(of name: String, in head: RequestHead) throws(CookieError) -> [UInt8]? {
        var found: [UInt8]?
        // HTTP/2 gives each cookie a line of its own, and not every proxy joins them (RFC 9113 §8.2.3).
        for line in head.values(of: "cookie") {
            for pair in line.split(separator: UInt8(ascii: ";")) {
                guard let value = value(of: name.utf8, inPair: pair) else { continue }
                guard found == nil else { throw .repeated(name: name) }
                guard value.count <= maximumBytes, value.allSatisfy(isCookieOctet) else {
                    throw .impossible(name: name)
                }
                found = Array(value)
            }
        }
        return found.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func value(of name: String.UTF8View, inPair pair: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var pair = pair.drop(while: isBlank)
        while let last = pair.last, isBlank(last) { pair.removeLast() }
        guard pair.starts(with: name) else { return nil }
        let rest = pair.dropFirst(name.count)
        return rest.first == UInt8(ascii: "=") ? rest.dropFirst() : nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// RFC 6265bis §4.1.1: no control characters, blanks, quotes, commas, semicolons and backslashes.
    private static func isCookieOctet(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x23...0x2B, 0x2D...0x3A, 0x3C...0x5B, 0x5D...0x7E: true
        default: false
        }
    }

    /// RFC 6265bis §5.6: what browsers keep of name and value together.
    private static let maximumBytes = 4_096
}

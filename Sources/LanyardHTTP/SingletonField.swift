// SPDX-License-Identifier: Apache-2.0

/// The fields that two parsers must not disagree about, so that each may stand once.
enum SingletonField {
    case host, contentLength, transferEncoding, expect, contentType, authorization, dpop, origin, secFetchSite

    /// The name in lower case.
    private var name: StaticString {
        switch self {
        case .host: "host"
        case .contentLength: "content-length"
        case .transferEncoding: "transfer-encoding"
        case .expect: "expect"
        case .contentType: "content-type"
        case .authorization: "authorization"
        case .dpop: "dpop"
        case .origin: "origin"
        case .secFetchSite: "sec-fetch-site"
        }
    }

    /// Creates the field that `range` of `bytes` names; names are compared without case (RFC 9110 §5.1).
    init?(_ bytes: Span<UInt8>, in range: Range<Int>) {
        guard let first = range.first else { return nil }
        let candidate: SingletonField
        switch (range.count, bytes[first].lowercased) {
        case (4, UInt8(ascii: "h")): candidate = .host
        case (4, UInt8(ascii: "d")): candidate = .dpop
        case (6, UInt8(ascii: "o")): candidate = .origin
        case (6, UInt8(ascii: "e")): candidate = .expect
        case (12, UInt8(ascii: "c")): candidate = .contentType
        case (13, UInt8(ascii: "a")): candidate = .authorization
        case (14, UInt8(ascii: "c")): candidate = .contentLength
        case (14, UInt8(ascii: "s")): candidate = .secFetchSite
        case (17, UInt8(ascii: "t")): candidate = .transferEncoding
        default: return nil
        }
        guard bytes.equalsIgnoringCase(candidate.name, in: range) else { return nil }
        self = candidate
    }

    /// What is wrong with a request that has the field twice.
    var repetition: Malformation {
        switch self {
        case .host: .host
        case .contentLength: .contentLength
        case .transferEncoding: .transferEncoding
        case .expect, .contentType, .authorization, .dpop, .origin, .secFetchSite: .repeatedField
        }
    }
}

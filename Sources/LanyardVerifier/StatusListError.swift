// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding

/// Why a status list was refused as a whole.
///
/// The cases stand in the order of the checks, and the first check that fails is the one that is named. None of them says
/// anything against the token whose status was to be looked up.
@nonexhaustive
public enum StatusListError: Error, Equatable, Sendable {
    // The world's.

    /// The list could not be fetched.
    case unavailable

    // The issuer's, or of whoever answered in its place.

    /// The list token has more than `limitBytes` bytes.
    case tooLarge(limitBytes: Int)

    /// The list token cannot be read.
    case malformed(TokenError.Malformation)

    /// The header has a member that changes the meaning of the rest, and that is not understood here (RFC 7515 §4.1.11).
    case unsupportedHeader(name: String)

    /// The `typ` is not `statuslist+jwt` (Token Status List §5.1, RFC 8725 §3.11).
    case wrongType

    /// The `alg` is not one of those allowed, or is missing (RFC 8725 §3.1).
    case unsupportedAlgorithm

    /// The key set has no key with this `kid`; `nil` if the list token names none and the set has no key of its `alg`.
    case unknownKey(id: String?)

    /// The list token names no key, and the set has several of its `alg`.
    case ambiguousKey

    /// The key that the list token names is for another algorithm than its `alg` (RFC 8725 §3.1).
    case algorithmMismatch

    /// The signature is not by that key over this header and these claims.
    case badSignature

    /// `iss` is another issuer; compared byte by byte.
    case wrongIssuer

    /// `sub` is not the address by which the list was asked for; compared byte by byte (Token Status List §8.3).
    case wrongAddress

    /// The time of use is at or after `exp`; there is no leeway.
    case expired(at: NumericDate)

    /// The time of use is before `nbf`, leeway included.
    case notYetValid(until: NumericDate)

    /// `iat` is later than the time of use, leeway included.
    case issuedInFuture(at: NumericDate)

    /// A claim that every list has is missing, by its own name: `bits` and `lst` are inside `status_list`.
    case missingClaim(name: String)

    /// A claim has a value of the wrong type, or out of range.
    case invalidClaim(name: String)

    /// `lst` is not canonical base64url without padding.
    case listNotBase64URL

    /// `lst` is no stream in the format of zlib, needs a dictionary, or has a wrong checksum (RFC 1950).
    case listCorrupt

    /// `lst` ends before its stream does.
    case listTruncated

    /// In `lst` something follows the stream.
    case listWithTrailingBytes

    /// `lst` inflates to more than `limitBytes` bytes.
    case listTooLarge(limitBytes: Int)

    // The world's.

    /// There is no key set to check against.
    case keysUnavailable

    /// The cryptographic library failed, for want of memory for instance; the list may be good.
    case checkFailed
}

extension StatusListError {
    /// What reading and checking the signature of any token can find.
    init(_ error: TokenError) {
        self =
            switch error {
            case .tooLarge(let limitBytes): .tooLarge(limitBytes: limitBytes)
            case .malformed(let malformation): .malformed(malformation)
            case .unsupportedHeader(let name): .unsupportedHeader(name: name)
            case .wrongType: .wrongType
            case .unsupportedAlgorithm: .unsupportedAlgorithm
            case .unknownKey(let id): .unknownKey(id: id)
            case .ambiguousKey: .ambiguousKey
            case .algorithmMismatch: .algorithmMismatch
            case .badSignature: .badSignature
            case .wrongIssuer: .wrongIssuer
            case .expired(let date): .expired(at: date)
            case .notYetValid(let date): .notYetValid(until: date)
            case .issuedInFuture(let date): .issuedInFuture(at: date)
            case .missingClaim(let name): .missingClaim(name: name)
            case .invalidClaim(let name): .invalidClaim(name: name)
            case .keysUnavailable: .keysUnavailable
            case .checkFailed: .checkFailed
            case .wrongAudience, .boundToKey, .missingStatus, .foreignStatusList, .statusOutOfRange, .revoked,
                .suspended, .unknownStatus, .statusUnavailable, .badStatusList:
                preconditionFailure("a check that is made of access tokens only")
            }
    }

    init(_ error: InflateError) {
        self =
            switch error {
            case .malformed: .listCorrupt
            case .truncated: .listTruncated
            case .trailingBytes: .listWithTrailingBytes
            case .tooLarge(let limitBytes): .listTooLarge(limitBytes: limitBytes)
            }
    }
}

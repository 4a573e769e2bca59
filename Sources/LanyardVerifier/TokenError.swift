// SPDX-License-Identifier: Apache-2.0

/// Why a token was refused.
///
/// The cases stand in the order of the checks, and the first check that fails is the one that is named. Say no more than
/// `invalid_token` to who presented the token (RFC 6750 §3.1); the case is for your log.
@nonexhaustive
public enum TokenError: Error, Equatable, Sendable {
    /// What cannot be read.
    @nonexhaustive
    public enum Malformation: Equatable, Sendable {
        /// Not three parts with a dot between them, or an empty part (RFC 7515 §7.1).
        case structure
        /// A part that is not canonical base64url without padding (RFC 7515 §2).
        case encoding
        /// A header that is not one JSON object with each name once, or whose members have the wrong type.
        case header
        /// Claims that are not one JSON object with each name once.
        case claims
    }

    // Theirs: the token.

    /// The token has more than `limitBytes` bytes.
    case tooLarge(limitBytes: Int)

    /// The token cannot be read.
    case malformed(Malformation)

    /// The header has a member that changes the meaning of the rest, and that is not understood here: `crit`, `b64`,
    /// `enc`, `zip` (RFC 7515 §4.1.11).
    case unsupportedHeader(name: String)

    /// The `typ` is not one that was asked for, or is missing (RFC 9068 §4, RFC 8725 §3.11).
    case wrongType

    /// The `alg` is not one of those allowed, or is missing (RFC 8725 §3.1).
    case unsupportedAlgorithm

    /// The key set has no key with this `kid`; `nil` if the token names none and the set has no key of its `alg`.
    case unknownKey(id: String?)

    /// The token names no key, and the set has several of its `alg`.
    case ambiguousKey

    /// The key that the token names is for another algorithm than its `alg` (RFC 8725 §3.1).
    case algorithmMismatch

    /// The signature is not by that key over this header and these claims.
    case badSignature

    /// `iss` is another issuer; compared byte by byte, a slash at the end counts.
    case wrongIssuer

    /// `aud` does not hold an audience that was asked for.
    case wrongAudience

    /// The time of use is at or after `exp`, leeway included (RFC 7519 §4.1.4).
    case expired(at: NumericDate)

    /// The time of use is before `nbf`, leeway included (RFC 7519 §4.1.5).
    case notYetValid(until: NumericDate)

    /// `iat` is later than the time of use, leeway included.
    case issuedInFuture(at: NumericDate)

    /// A claim that every access token must have is missing (RFC 9068 §2.2).
    case missingClaim(name: String)

    /// A claim has a value of the wrong type, or out of range.
    case invalidClaim(name: String)

    /// The token is bound to a key by `cnf`, and possession of that key is not checked here (RFC 7800 §3, RFC 9449 §7).
    case boundToKey

    // Theirs: the status, which is looked at when all of the above was found good.

    /// The token has no place in a status list, and ``StatusListCache/Options/requiresStatus`` asks for one.
    case missingStatus

    /// The status list is not at `<issuer>/status/<number>`, and nobody else is asked.
    case foreignStatusList(uri: String)

    /// The status list has no such index (Token Status List §8.3).
    case statusOutOfRange(index: Int64)

    /// The token was revoked: its session was ended.
    case revoked

    /// The token is not valid for the time being.
    case suspended

    /// The token has a status that is neither valid nor invalid nor suspended, and that is not understood here.
    case unknownStatus(value: UInt8)

    // The world's.

    /// There is no key set to check against: it could not be fetched, and no copy is young enough.
    case keysUnavailable

    /// The status list could not be fetched, and no copy may be used in its place.
    case statusUnavailable

    /// The status list that was fetched cannot be trusted, and no copy may be used in its place.
    case badStatusList(StatusListError)

    /// The cryptographic library failed, for want of memory for instance; the token may be good.
    case checkFailed
}

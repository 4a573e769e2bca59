// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LanyardBase
internal import LanyardHTTP
internal import LanyardVerifier

extension TokenError {
    /// The reason in words, for the owner of the token.
    var reason: String {
        switch self {
        case .tooLarge(let limitBytes): "it is longer than \(limitBytes) bytes"
        case .malformed(.structure): "it is not three parts with dots between them"
        case .malformed(.encoding): "a part of it is not base64url"
        case .malformed(.header): "its header is not a JSON object of a token"
        case .malformed(.claims): "its claims are not a JSON object"
        case .malformed: "it cannot be read"
        case .unsupportedHeader(let name): "its header has \(name), which is not understood here"
        case .wrongType: "it is not an access token by its typ"
        case .unsupportedAlgorithm: "its alg is missing or not allowed"
        case .unknownKey(let id?): "the key set has no key \(id)"
        case .unknownKey(nil): "it names no key, and the key set has none of its alg"
        case .ambiguousKey: "it names no key, and the key set has several of its alg"
        case .algorithmMismatch: "its key is for another alg"
        case .badSignature: "its signature is not by that key over this content"
        case .wrongIssuer: "it is from another issuer"
        case .wrongAudience: "it is for another audience"
        case .expired(let date): "it expired at \(date.text)"
        case .notYetValid(let date): "it is not valid before \(date.text)"
        case .issuedInFuture(let date): "it says that it was issued at \(date.text); check the clocks"
        case .missingClaim(let name): "the claim \(name) is missing"
        case .invalidClaim(let name): "the claim \(name) has a wrong value"
        case .boundToKey: "it is bound to a key of its owner by cnf, which is not checked here"
        case .missingStatus: "it has no place in a status list"
        case .foreignStatusList(let uri): "its status list is not with its issuer, but at \(uri)"
        case .statusOutOfRange(let index): "its status list has no index \(index)"
        case .revoked: "it was revoked"
        case .suspended: "it is suspended"
        case .unknownStatus(let value): "its status is \(value), which is not understood here"
        case .keysUnavailable: "there is no key set to check against"
        case .statusUnavailable: "there is no status list to look into"
        case .badStatusList(let error): "its status list cannot be used: \(error.reason)"
        case .checkFailed: "the cryptographic library failed; try again"
        }
    }
}

extension StatusListError {
    /// The reason in words.
    var reason: String {
        switch self {
        case .unavailable: "it could not be fetched"
        case .tooLarge(let limitBytes): "it is longer than \(limitBytes) bytes"
        case .malformed(.structure): "it is not three parts with dots between them"
        case .malformed(.encoding): "a part of it is not base64url"
        case .malformed(.header): "its header is not a JSON object of a token"
        case .malformed(.claims): "its claims are not a JSON object"
        case .malformed: "it cannot be read"
        case .unsupportedHeader(let name): "its header has \(name), which is not understood here"
        case .wrongType: "it is not a status list by its typ"
        case .unsupportedAlgorithm: "its alg is missing or not allowed"
        case .unknownKey(let id?): "the key set has no key \(id)"
        case .unknownKey(nil): "it names no key, and the key set has none of its alg"
        case .ambiguousKey: "it names no key, and the key set has several of its alg"
        case .algorithmMismatch: "its key is for another alg"
        case .badSignature: "its signature is not by that key over this content"
        case .wrongIssuer: "it is from another issuer"
        case .wrongAddress: "it is the list of another address"
        case .expired(let date): "it expired at \(date.text)"
        case .notYetValid(let date): "it is not valid before \(date.text)"
        case .issuedInFuture(let date): "it says that it was made at \(date.text); check the clocks"
        case .missingClaim(let name): "\(name) is missing"
        case .invalidClaim(let name): "\(name) has a wrong value"
        case .listNotBase64URL: "lst is not base64url"
        case .listCorrupt: "lst is not compressed by zlib, or is damaged"
        case .listTruncated: "lst has no end"
        case .listWithTrailingBytes: "in lst something follows the compressed bytes"
        case .listTooLarge(let limitBytes): "it inflates to more than \(limitBytes) bytes"
        case .keysUnavailable: "there is no key set to check against"
        case .checkFailed: "the cryptographic library failed; try again"
        }
    }
}

extension KeySetError {
    /// The reason in words.
    var reason: String {
        switch self {
        case .tooLarge(let limitBytes): "it is longer than \(limitBytes) bytes"
        case .malformed: "it is not a JSON object with an array named keys"
        case .privateKey(let id): "the key \(id ?? "without kid") has its private half in it"
        case .duplicateKey(let id): "two keys have the kid \(id)"
        case .unavailable: "it could not be fetched"
        }
    }
}

extension ClientError {
    /// The reason in words.
    var reason: String {
        switch self {
        case .malformedURL: "this is not a URL"
        case .unsupportedScheme: "its scheme is not spoken here"
        case .unusableTrust: "the certificate to be trusted cannot be used"
        case .unknownHost: "the host has no address"
        case .unreachable(let code): FileError.system(code: code).reason
        case .timedOut: "no answer in time"
        case .disconnected: "the connection ended before the answer did"
        case .untrusted(let reason): "its certificate is not trusted: \(reason)"
        case .tlsFailed(let reason): "TLS failed: \(reason)"
        case .malformedAnswer: "the answer is not HTTP/1.1"
        case .answerTooLarge(let limitBytes): "the answer is longer than \(limitBytes) bytes"
        }
    }
}

extension NumericDate {
    /// The instant in RFC 3339, or the number if no calendar has it.
    fileprivate var text: String {
        guard let seconds = Int64(exactly: secondsSinceEpoch.rounded(.down)), abs(seconds) < 253_402_300_800 else {
            return "\(secondsSinceEpoch)"
        }
        return UnixTime(seconds: seconds).rfc3339
    }
}

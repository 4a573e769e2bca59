// SPDX-License-Identifier: Apache-2.0

internal import LanyardVerifier

extension TokenError {
    /// Why the token was refused, as the log says it in `reason`; clients are told nothing of it.
    package var word: String {
        switch self {
        case .tooLarge: "token_too_large"
        case .malformed: "token_malformed"
        case .unsupportedHeader: "unsupported_header"
        case .wrongType: "wrong_type"
        case .unsupportedAlgorithm: "unsupported_algorithm"
        case .unknownKey: "unknown_key"
        case .ambiguousKey: "ambiguous_key"
        case .algorithmMismatch: "algorithm_mismatch"
        case .badSignature: "bad_signature"
        case .wrongIssuer: "wrong_issuer"
        case .wrongAudience: "wrong_audience"
        case .expired: "token_expired"
        case .notYetValid: "not_yet_valid"
        case .issuedInFuture: "issued_in_future"
        case .missingClaim: "missing_claim"
        case .invalidClaim: "invalid_claim"
        case .boundToKey: "bound_to_key"
        case .missingStatus: "missing_status"
        case .foreignStatusList: "foreign_status_list"
        case .statusOutOfRange: "status_out_of_range"
        case .revoked: "revoked"
        case .suspended: "suspended"
        case .unknownStatus: "unknown_status"
        case .keysUnavailable: "keys_unavailable"
        case .statusUnavailable: "status_unavailable"
        case .badStatusList: "bad_status_list"
        case .checkFailed: "check_failed"
        }
    }
}

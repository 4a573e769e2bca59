// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

extension Verifier {
    /// Returns what `token` says if this verifier accepts it and its issuer has not revoked it.
    ///
    /// The list is looked at when everything else was found good (Token Status List §8.3).
    ///
    /// - Parameters:
    ///   - token: A JWS in compact form, at most ``UnverifiedToken/maximumBytes``.
    ///   - cache: The keys of this verifier's issuer.
    ///   - statuses: The status lists, and what is done while one cannot be had.
    ///   - now: The instant that the times of token and list are judged against.
    /// - Returns: A token whose signature, type, issuer, audience, times, claims and status have been checked.
    /// - Throws: ``TokenError``; ``TokenError/keysUnavailable``, ``TokenError/statusUnavailable`` and
    ///   ``TokenError/badStatusList(_:)`` say nothing against the token: answer 503, not 401.
    public func verify(
        _ token: String, keys cache: KeySetCache, statuses: StatusListCache, at now: NumericDate
    ) async throws(TokenError) -> VerifiedToken {
        let token = try await verify(token, keys: cache, at: now)
        guard let reference = token.status else {
            guard !statuses.requiresStatus else { throw .missingStatus }
            return token
        }
        guard reference.isBelow(issuer: rules.issuer) else { throw .foreignStatusList(uri: reference.uri) }
        let list: StatusList?
        do throws(StatusListError) {
            list = try await statuses.list(at: reference.uri, for: self, keys: cache, at: now)
        } catch {
            throw TokenError(error)
        }
        try list?.requireValid(at: reference.index)
        return token
    }

    /// Checks that the issuer has not revoked a token, for who fetches lists without a ``StatusListCache``.
    ///
    /// A token without a place in a status list is good.
    ///
    /// - Parameters:
    ///   - token: A token of this verifier's issuer.
    ///   - list: The list at the address that the token names.
    ///   - now: The instant that the list's `exp` is judged against.
    /// - Throws: ``TokenError/foreignStatusList(uri:)``, ``TokenError/statusOutOfRange(index:)``, ``TokenError/revoked``,
    ///   ``TokenError/suspended``, ``TokenError/unknownStatus(value:)``, ``TokenError/badStatusList(_:)``.
    public func requireValid(
        _ token: VerifiedToken, in list: StatusList, at now: NumericDate
    ) throws(TokenError) {
        guard let reference = token.status else { return }
        guard reference.isBelow(issuer: rules.issuer) else { throw .foreignStatusList(uri: reference.uri) }
        guard reference.uri.hasSameBytes(as: list.uri) else { throw .badStatusList(.wrongAddress) }
        if let expires = list.expires, !list.isUnexpired(at: now) { throw .badStatusList(.expired(at: expires)) }
        try list.requireValid(at: reference.index)
    }

    /// Returns a status list if this verifier's issuer has made it.
    ///
    /// The checks run in the order of ``StatusListError``'s cases; the first that fails is thrown.
    ///
    /// - Parameters:
    ///   - token: A JWS in compact form, in ASCII.
    ///   - uri: The address that was asked, as the token has it whose status is to be looked up.
    ///   - keys: The issuer's current keys.
    ///   - limits: How much is read.
    ///   - now: The instant that `exp`, `nbf` and `iat` are judged against.
    /// - Returns: A list whose signature, type, issuer, address and times have been checked.
    /// - Throws: ``StatusListError``.
    ///
    /// Source: Token Status List §8.3.
    public func statusList(
        parsing token: [UInt8], for uri: String, keys: KeySet, limits: StatusList.Limits = StatusList.Limits(),
        at now: NumericDate
    ) throws(StatusListError) -> StatusList {
        let token = try Self.listToken(token, limits)
        return try StatusList(token, for: uri, keys: keys, rules: rules, limits: limits, at: now)
    }

    /// Returns a status list if this verifier's issuer has made it, with keys that are fetched when they must be.
    func statusList(
        parsing token: [UInt8], for uri: String, keys cache: KeySetCache, limits: StatusList.Limits, at now: NumericDate
    ) async throws(StatusListError) -> StatusList {
        let token = try Self.listToken(token, limits)
        let keys: KeySet
        do { keys = try await cache.keys(for: token.keyID) } catch { throw .keysUnavailable }
        return try StatusList(token, for: uri, keys: keys, rules: rules, limits: limits, at: now)
    }

    private static func listToken(
        _ token: [UInt8], _ limits: StatusList.Limits
    ) throws(StatusListError) -> UnverifiedToken {
        do { return try UnverifiedToken(token, limitBytes: limits.tokenBytes) } catch { throw StatusListError(error) }
    }
}

extension StatusList {
    /// Refuses a token by what the list says of it.
    fileprivate func requireValid(at index: Int64) throws(TokenError) {
        switch try status(at: index) {
        case .valid: return
        case .invalid: throw .revoked
        case .suspended: throw .suspended
        case .other(let value): throw .unknownStatus(value: value)
        }
    }
}

extension TokenError {
    fileprivate init(_ error: StatusListError) {
        self =
            switch error {
            case .unavailable: .statusUnavailable
            case .keysUnavailable: .keysUnavailable
            case .checkFailed: .checkFailed
            default: .badStatusList(error)
            }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP
internal import LanyardVerifier

/// Where `token verify` gets a status list from: an address that was found to be the issuer's.
struct StatusListSource {
    let uri: String

    /// Fetches the list.
    ///
    /// - Throws: A failure with status 69 if it cannot be had or cannot be trusted: neither yes nor no is known to be right.
    func list(by verifier: Verifier, keys: KeySet, at now: NumericDate) throws(Failure) -> StatusList {
        let limits = StatusList.Limits()
        let client = Client(limitBytes: limits.tokenBytes)
        do throws(Failure) {
            let token = try Discovery.content(of: uri, with: client)
            do throws(StatusListError) {
                return try verifier.statusList(parsing: token, for: uri, keys: keys, limits: limits, at: now)
            } catch {
                throw Failure(.unavailable, "\(uri) does not hold its status list: \(error.reason)")
            }
        } catch {
            throw Failure(
                error.status,
                "whether the token was revoked is not known: \(error.message); --without-status does not ask")
        }
    }
}

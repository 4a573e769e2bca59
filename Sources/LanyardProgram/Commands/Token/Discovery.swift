// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCore
internal import LanyardHTTP

/// Finds the key set of an issuer through its metadata (RFC 8414).
struct Discovery {
    let client: Client

    /// Returns where the key set of `issuer` is.
    ///
    /// RFC 8414 §3.1 inserts the well-known part between host and path; OpenID Discovery 1.0 §4 appends it, and is asked
    /// second. The metadata must name the very issuer that was asked (RFC 8414 §3.3), and a key set on the issuer's own
    /// origin: who can write the metadata must not send us elsewhere.
    ///
    /// - Throws: A failure with status 69.
    func keySetURL(of issuer: IssuerURL) throws(Failure) -> String {
        let metadata = try metadata(of: issuer)
        guard let name = metadata["issuer"]?.string, name.hasSameBytes(as: issuer.text) else {
            throw Failure(.unavailable, "the metadata of \(issuer.text) is another issuer's; check the URL")
        }
        guard let url = metadata["jwks_uri"]?.string else {
            throw Failure(.unavailable, "the metadata of \(issuer.text) names no key set")
        }
        guard IssuerURL.origin(of: url) == issuer.origin else {
            throw Failure(.unavailable, "the key set of \(issuer.text) is not on its own origin, but at \(url)")
        }
        return url
    }

    private func metadata(of issuer: IssuerURL) throws(Failure) -> JSONObject {
        let authority = issuer.text.dropLast(issuer.path.utf8.count)
        let inserted = "\(authority)/.well-known/oauth-authorization-server\(issuer.path)"
        let appended = "\(issuer.text)/.well-known/openid-configuration"
        var answer = try Self.answer(from: inserted, with: client)
        if answer.status != 200 { answer = try Self.answer(from: appended, with: client) }
        guard answer.status == 200 else {
            throw Failure(.unavailable, "\(issuer.text) has no metadata (status \(answer.status)); check the URL")
        }
        do throws(JSONError) {
            return try JSONObject(parsing: answer.body)
        } catch {
            throw Failure(.unavailable, "the metadata of \(issuer.text) is not a JSON object")
        }
    }

    /// Returns what a URL holds.
    static func content(of url: String, with client: Client) throws(Failure) -> [UInt8] {
        let answer = try answer(from: url, with: client)
        guard answer.status == 200 else { throw Failure(.unavailable, "\(url) answered with status \(answer.status)") }
        return answer.body
    }

    private static func answer(from url: String, with client: Client) throws(Failure) -> ClientResponse {
        do throws(LanyardHTTP.ClientError) {
            return try client.get(url)
        } catch {
            throw Failure(.unavailable, "cannot get \(url): \(error.reason)")
        }
    }
}

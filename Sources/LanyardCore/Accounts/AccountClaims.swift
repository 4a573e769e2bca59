// SPDX-License-Identifier: Apache-2.0

package import LanyardCoding

/// The claims that an account adds to its tokens.
package struct AccountClaims: Equatable, Sendable {
    private let object: JSONObject

    /// Creates claims that were given for an account.
    ///
    /// - Throws: ``AccountError/unreadableClaims`` if no verifier would read them: too many, too deep, too long;
    ///   ``AccountError/reservedClaim(name:)`` for a name that the service itself sets or that has a meaning for
    ///   verifiers: refused when the account is written, never at login.
    package init(_ object: JSONObject) throws(AccountError) {
        for member in object.members where Self.reserved.contains(member.name) {
            throw .reservedClaim(name: member.name)
        }
        // What is stored must be read again, one level deeper, as part of a token.
        var limits = JSONLimits()
        limits.maximumDepth -= 1
        guard (try? JSONObject(parsing: JSONValue.object(object).bytes, limits: limits)) != nil else {
            throw .unreadableClaims
        }
        self.object = object
    }

    /// Creates claims from the text of a stored account, which was checked when it was written.
    package init(trusted text: String) {
        let stored = try? JSONObject(parsing: Array(text.utf8))
        object = stored ?? JSONObject()
    }

    /// The claims as a JSON object in UTF-8.
    package var text: String { value.text }

    /// The claims as a value.
    package var value: JSONValue { JSONValue.object(object) }

    /// Writes the claims as further members of the object that is open.
    func write(to writer: inout JSONWriter) {
        for member in object.members { writer.member(member.name, value: member.value) }
    }

    /// The names that no account may have: those of every token, and others that verifiers act upon.
    package static let reserved: Set<String> = [
        "iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "sid", "auth_time", "amr", "preferred_username",
        "roles", "status", "scope", "cnf", "act", "azp", "nonce", "acr", "may_act", "groups", "entitlements",
    ]
}

// SPDX-License-Identifier: Apache-2.0

package import LanyardCoding

/// Takes claims out of a payload, each with the type that it must have.
package struct ClaimReader: Sendable {
    /// The claims.
    package let object: JSONObject

    /// Reads a payload whose signature was found good.
    package init(parsing payload: [UInt8], limits: JSONLimits = JSONLimits()) throws(TokenError) {
        do { object = try JSONObject(parsing: payload, limits: limits) } catch { throw .malformed(.claims) }
    }

    /// Returns a claim that is a text, or nothing.
    func text(_ name: String) throws(TokenError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string else { throw .invalidClaim(name: name) }
        return text
    }

    /// Returns a claim that is an array of texts, or nothing.
    func texts(_ name: String) throws(TokenError) -> [String]? {
        guard let value = object[name] else { return nil }
        guard let texts = value.strings else { throw .invalidClaim(name: name) }
        return texts
    }

    /// Returns a claim that is an instant from 1970 to the end of the year 9999, or nothing (RFC 7519 §2).
    func date(_ name: String) throws(TokenError) -> NumericDate? {
        guard let value = object[name] else { return nil }
        guard let seconds = value.number?.double, (0...253_402_300_799).contains(seconds) else {
            throw .invalidClaim(name: name)
        }
        return NumericDate(seconds)
    }

    /// Returns the audiences: one text, or an array of texts with at least one (RFC 7519 §4.1.3).
    func audience() throws(TokenError) -> [String] {
        if let single = object["aud"]?.string { return [single] }
        let audience = try required("aud", texts)
        guard !audience.isEmpty else { throw .invalidClaim(name: "aud") }
        return audience
    }

    /// Returns a claim that every access token has (RFC 9068 §2.2).
    func required<Value>(
        _ name: String, _ read: (String) throws(TokenError) -> Value?
    ) throws(TokenError) -> Value {
        guard let value = try read(name) else { throw .missingClaim(name: name) }
        return value
    }

    /// Returns a text that every access token has, and that is not empty.
    func requiredText(_ name: String) throws(TokenError) -> String {
        let text = try required(name, text)
        guard !text.isEmpty else { throw .invalidClaim(name: name) }
        return text
    }

    /// Returns the place of the token in a status list, or nothing; other mechanisms are ignored.
    ///
    /// Source: Token Status List §6.2.
    func status() throws(TokenError) -> StatusReference? {
        guard let value = object["status"] else { return nil }
        guard let status = value.object else { throw .invalidClaim(name: "status") }
        guard let list = status["status_list"] else { return nil }
        guard let index = list.object?["idx"]?.integer, index >= 0, let uri = list.object?["uri"]?.string else {
            throw .invalidClaim(name: "status")
        }
        return StatusReference(index: index, uri: uri)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardStore
internal import LanyardWeb

/// Answers with tokens: in the body, in cookies, or bare.
struct TokenAnswer: Sendable {
    private let cookies: SessionCookies
    private let requiresAccessToken: Bool

    init(_ configuration: APIConfiguration) {
        cookies = configuration.cookies
        requiresAccessToken = configuration.policies.sessions.requiresAccessToken
    }

    /// Returns the response with `tokens`.
    ///
    /// A refresh token that is kept is in no cookie: a late answer would put it in the place of a newer one.
    private func response(
        to head: RequestHead, with tokens: IssuedTokens, delivery: Session.Delivery
    ) throws(APIError) -> Response {
        guard delivery != .cookies || tokens.access.count <= SessionCookies.maximumTokenBytes else {
            throw .invalidRequest(
                "The access token is too long for a cookie; ask for less in audience and roles, or for delivery cookie."
            )
        }
        var response: Response
        // A client that asks for the bare token and wants it in a cookie gets it in the cookie.
        if delivery != .cookies, AcceptField(head).prefers("application/jwt") {
            response = Response(bareToken: tokens.access)
        } else {
            response = Response(json: body(tokens, delivery))
        }
        response.fields += fields(tokens, delivery)
        return response
    }

    /// The members of the body; which of them there are depends on the delivery.
    static let shape = ObjectShape(
        .init("access_token", .secret).optional, .init("token_type", .string), .init("expires_in", .integer),
        .init("refresh_after", .integer), .init("refresh_token", .secret).optional,
        .init("refresh_expires_in", .integer).optional)

    /// Returns the response with the tokens that `issue` makes.
    ///
    /// - Parameters:
    ///   - head: The head of the request.
    ///   - delivery: How the tokens are handed out.
    ///   - lost: What it means if the account may no longer request any of the audience.
    ///   - issue: Makes the tokens.
    /// - Returns: The response.
    /// - Throws: Why there are no tokens, or why they cannot be handed out so.
    func response(
        to head: RequestHead, delivery: Session.Delivery, withoutAudience lost: APIError,
        issuing issue: () throws(IssueRefusal) -> IssuedTokens
    ) throws(APIError) -> Response {
        let tokens: IssuedTokens
        do throws(IssueRefusal) {
            tokens = try issue()
        } catch {
            throw APIError(error, withoutAudience: lost)
        }
        return try response(to: head, with: tokens, delivery: delivery)
    }

    private func body(_ tokens: IssuedTokens, _ delivery: Session.Delivery) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_536)
        writer.beginObject()
        if delivery != .cookies {
            writer.name("access_token")
            writer.string(ascii: tokens.access)
        }
        writer.member("token_type", "Bearer")
        writer.member("expires_in", tokens.expiresIn)
        writer.member("refresh_after", tokens.refreshAfter)
        // None for a service client, which asks again with its secret (RFC 6749 §4.4.3).
        if let refresh = tokens.refresh {
            if delivery == .body { writer.member("refresh_token", refresh.text) }
            writer.member("refresh_expires_in", refresh.expiresIn)
        }
        writer.endObject()
        return writer.finish()
    }

    private func fields(_ tokens: IssuedTokens, _ delivery: Session.Delivery) -> [Response.Field] {
        guard delivery != .body, let refresh = tokens.refresh else { return [] }
        var fields: [Response.Field] = []
        if !refresh.isKept { fields.append(cookies.settingRefreshToken(refresh.text, maxAge: refresh.expiresIn)) }
        if delivery == .cookies {
            // Where a refresh needs it, expired or not, it must not be forgotten before.
            let maxAge = requiresAccessToken ? refresh.expiresIn : tokens.expiresIn
            fields.append(cookies.settingAccessToken(tokens.access, maxAge: maxAge))
        }
        return fields
    }
}

extension Response {
    /// Answers with an access token and nothing else.
    fileprivate init(bareToken token: [UInt8]) {
        self.init(
            status: 200, fields: [.init("Content-Type", "application/jwt"), .init("Cache-Control", "no-store")],
            body: token)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardWeb

/// Who a client says it is, in the ways of RFC 6749 §2.3.
enum PresentedClient: Sendable {
    /// A client that has given a secret; which is right or wrong.
    case secret(ClientCredentials)
    /// A client that only names itself, or does not.
    case named(ClientID?)

    /// The members in which a client presents itself, and others.
    static func shape(and others: ObjectShape.Member...) -> ObjectShape {
        let own = [
            ObjectShape.Member("client_id", .string).optional, ObjectShape.Member("client_secret", .secret).optional,
            ObjectShape.Member("client_assertion", .secret).optional,
            ObjectShape.Member("client_assertion_type", .string).optional,
        ]
        return ObjectShape(members: others + own)
    }

    /// Reads what a request presents; the query is not looked at (RFC 6749 §2.3.1).
    ///
    /// `Authorization: Bearer` is no client authentication.
    ///
    /// - Throws: ``APIError/invalidClient`` for a way that no client of ours authenticates itself in, or for Basic that
    ///   is not well formed; ``APIError/invalidRequest(_:)`` for two ways at once.
    init(_ head: RequestHead, _ members: RequestMembers) throws(APIError) {
        let name = try members.text("client_id").map { ClientID($0) }
        let secret = try members.text("client_secret")
        for other in ["client_assertion", "client_assertion_type"] {  // RFC 7521 §4.2.
            guard try members.text(other) == nil else { throw .invalidClient }
        }
        guard let value = head.value(of: "authorization"), BearerField(head) == nil else {
            guard let secret else {
                self = .named(name)
                return
            }
            guard let name else { throw .invalidClient }
            self = .secret(ClientCredentials(id: name, secret: secret))
            return
        }
        guard let basic = BasicField(value) else { throw .invalidClient }
        // RFC 6749 §2.3: not more than one way in each request. A name beside Basic is none, if it is the same.
        guard secret == nil else {
            throw .invalidRequest("Give the secret as Authorization: Basic or as client_secret, not both.")
        }
        let id = ClientID(basic.id)
        guard name == nil || name == id else {
            throw .invalidRequest("client_id names another client than Authorization: Basic.")
        }
        self = .secret(ClientCredentials(id: id, secret: basic.secret))
    }

    /// Returns the credentials of a client where there must be some.
    ///
    /// - Throws: ``APIError/invalidClient`` if there are none.
    func requireSecret() throws(APIError) -> ClientCredentials {
        guard case .secret(let credentials) = self else { throw .invalidClient }
        return credentials
    }
}

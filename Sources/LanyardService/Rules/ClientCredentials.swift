// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardHTTP

/// Who a client says it is, in the ways of RFC 6749 §2.3.
enum PresentedClient: Sendable {
    /// A client that has given a secret; which is right or wrong.
    case secret(ClientCredentials)
    /// A client that only names itself, or does not.
    case named(String?)
}

/// A client's name and what is left of the secret that it has given.
struct ClientCredentials: Sendable {
    let id: String
    let secretHash: [UInt8]

    init(id: String, secret: String) {
        self.id = id
        secretHash = ClientSecret.hash(secret)
    }
}

extension PresentedClient {
    /// Reads what a request presents; the query is not looked at (RFC 6749 §2.3.1).
    ///
    /// `Authorization: Bearer` is no client authentication.
    ///
    /// - Throws: ``ServiceError/invalidClient`` for a way that no client of ours authenticates itself in, or for Basic that
    ///   is not well formed; ``ServiceError/invalidRequest(_:)`` for two ways at once.
    init(_ head: RequestHead, _ members: RequestMembers) throws(ServiceError) {
        let name = try members.text("client_id")
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
        guard name.map({ $0.hasSameBytes(as: basic.id) }) ?? true else {
            throw .invalidRequest("client_id names another client than Authorization: Basic.")
        }
        self = .secret(ClientCredentials(id: basic.id, secret: basic.secret))
    }

    /// Returns the credentials of a client where there must be some.
    ///
    /// - Throws: ``ServiceError/invalidClient`` if there are none.
    func requireSecret() throws(ServiceError) -> ClientCredentials {
        guard case .secret(let credentials) = self else { throw .invalidClient }
        return credentials
    }
}

/// `Authorization: Basic` as OAuth writes it: name and secret encoded as in a form, then RFC 7617 (RFC 6749 §2.3.1).
private struct BasicField {
    let id: String
    let secret: String

    init?(_ value: [UInt8]) {
        let scheme = value.prefix { $0 != UInt8(ascii: " ") }
        // RFC 9110 §11.1: the name of a scheme is compared without case.
        guard String(decoding: scheme, as: UTF8.self).lowercased() == "basic",
            let text = Self.decode(value.dropFirst(scheme.count).drop { $0 == UInt8(ascii: " ") }),
            // The last colon: a name may have some and a secret has none, so that it does not matter if a client leaves out
            // the encoding, as many do.
            let colon = text.lastIndex(of: UInt8(ascii: ":")),
            let id = try? FormParameters.decode(text[..<colon]),
            let secret = try? FormParameters.decode(text[(colon + 1)...])
        else { return nil }
        self.id = id
        self.secret = secret
    }

    /// Reads base64 with its padding (RFC 4648 §4).
    private static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var symbols = text.prefix { $0 != UInt8(ascii: "=") }
        let padding = text.dropFirst(symbols.count)
        guard padding.count <= 2, padding.allSatisfy({ $0 == UInt8(ascii: "=") }), text.count % 4 == 0 else {
            return nil
        }
        for index in symbols.indices {
            switch symbols[index] {
            case UInt8(ascii: "+"): symbols[index] = UInt8(ascii: "-")
            case UInt8(ascii: "/"): symbols[index] = UInt8(ascii: "_")
            case UInt8(ascii: "-"), UInt8(ascii: "_"): return nil
            default: break
            }
        }
        return try? Base64URL.decode(Array(symbols))
    }
}

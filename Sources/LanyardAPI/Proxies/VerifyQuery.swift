// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardHTTP

/// What a proxy asks of an access token: `?role=…&role=…&audience=…`.
struct VerifyQuery: Equatable {
    /// The roles of which the token must carry every one.
    let roles: Roles
    /// The audiences of which the token must have every one; none asks for any of ours.
    let audiences: Audiences

    /// Reads the query of a request for `/verify`, or for a path below it.
    ///
    /// At `/verify` itself the query is the operator's, and a name that is not known is a slip that would leave a door open. Below it
    /// stands what Envoy's client has asked for, in whatever characters: it can ask for more than the operator does, and never for less.
    ///
    /// - Throws: ``APIError/unreadableQuery``.
    init(_ target: RequestTarget, endpointPaths: [String]) throws(APIError) {
        let (path, query) = target.pathAndQuery
        let isStrict = endpointPaths.contains { $0.hasSameBytes(as: path) }
        var (roles, audiences): ([String], [String]) = ([], [])
        for piece in (query ?? []).split(separator: UInt8(ascii: "&")) {
            guard let parameter = try? FormParameters(parsing: Array(piece)), let name = parameter.names.first,
                let value = parameter[name]
            else {
                guard !isStrict, !Self.isKnown(piece) else { throw .unreadableQuery }
                continue
            }
            switch name {
            case "role": roles.append(value)
            case "audience": audiences.append(value)
            default: if isStrict { throw .unreadableQuery }
            }
        }
        self.roles = Roles(distinct: roles)
        self.audiences = Audiences(distinct: audiences)
    }

    /// Whether a parameter with an unreadable value asks for a role or an audience.
    private static func isKnown(_ piece: ArraySlice<UInt8>) -> Bool {
        let name = try? FormParameters.decode(piece.prefix { $0 != UInt8(ascii: "=") })
        return name == "role" || name == "audience"
    }
}

extension RequestTarget {
    /// The path, whether routes may take it or not, and the query.
    fileprivate var pathAndQuery: (path: String, query: [UInt8]?) {
        switch self {
        case .path(let path, let query), .unroutable(let path, let query), .irregular(let path, let query):
            (path, query)
        case .asterisk, .authority: ("", nil)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardHTTP

/// The paths of an interface.
struct Routes: Sendable {
    private let byPath: [String: (key: String, route: Route)]

    /// Creates the table: each route is found at its path, and below the issuer's path too.
    init(_ routes: [Route], below issuerPath: String = "") {
        var byPath: [String: (key: String, route: Route)] = [:]
        for route in routes {
            for path in [route.path, issuerPath + route.path] { byPath[path] = (path, route) }
        }
        self.byPath = byPath
    }

    func route(for target: RequestTarget) -> Route? {
        // Swift finds keys by canonical equivalence; paths are bytes.
        guard case .path(let path, _) = target, let (key, route) = byPath[path], key.hasSameBytes(as: path) else {
            return nil
        }
        return route
    }

    /// Returns the documents that do not depend on who asks, each with the path that it is given at.
    var standingDocuments: [(path: String, route: Route, document: PublicDocument)] {
        byPath.values.compactMap { key, route in
            // What every page may read, every page gets alike.
            guard route.crossOrigin == .everyone, let document = route.endpoint(for: .get)?.standingDocument else {
                return nil
            }
            return (key, route, document)
        }
    }

    /// Every method that some route answers, for `OPTIONS *`.
    static let everyMethod = "GET, HEAD, POST, OPTIONS"
}

extension Routes {
    /// The public interface.
    static func `public`(_ dependencies: Dependencies, _ keys: LoopKeys) -> Self {
        let issuer = dependencies.configuration.issuer
        let tokens = TokenResponder(dependencies, keys)
        let refresh = RefreshEndpoint(dependencies, keys, tokens)
        var routes = [
            Route("/login", [.post: LoginEndpoint(dependencies, tokens)], bodyLimitBytes: 8_192),
            Route("/refresh", [.post: refresh]),
            Route("/token", [.post: TokenEndpoint(refresh, realm: issuer.text)]),
            Route(
                "/.well-known/jwks.json", [.get: DocumentEndpoint(keys, \.keySet)], crossOrigin: .everyone),
            Route(
                "/.well-known/oauth-authorization-server", [.get: DocumentEndpoint(keys, \.authorizationServer)],
                crossOrigin: .everyone),
            Route(
                "/.well-known/openid-configuration", [.get: DocumentEndpoint(keys, \.openIDProvider)],
                crossOrigin: .everyone),
        ]
        if !issuer.path.isEmpty {
            // RFC 8414 §3.1: the well-known part is inserted between host and path. OpenID puts it behind the path, which is
            // `below`; clients that know both look for its document here as well (§5).
            routes += [
                Route(
                    "/.well-known/oauth-authorization-server" + issuer.path,
                    [.get: DocumentEndpoint(keys, \.authorizationServer)], crossOrigin: .everyone),
                Route(
                    "/.well-known/openid-configuration" + issuer.path,
                    [.get: DocumentEndpoint(keys, \.openIDProvider)], crossOrigin: .everyone),
            ]
        }
        return Self(routes + health(dependencies), below: issuer.path)
    }

    /// What container platforms ask, the same on both interfaces.
    static func health(_ dependencies: Dependencies) -> [Route] {
        let ready = ReadyEndpoint(store: dependencies.store, keys: dependencies.keys, readiness: dependencies.readiness)
        return [
            Route("/livez", [.get: LiveEndpoint()]),
            Route("/readyz", [.get: ready]),
            Route("/healthz", [.get: ready]),
        ]
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardHTTP

/// The paths of an interface.
struct Routes: Sendable {
    private let byPath: Table
    /// The routes whose path ends in an id, by what stands before that.
    private let byParent: Table
    /// The routes for proxies, by their paths, which every path below goes to as well.
    private let forProxies: [(path: String, route: Route)]
    /// Every method that some route answers, for `OPTIONS *`.
    let everyMethod: String
    /// Whether pages of other origins may read what the routes say they may; else no route has anything to do with pages.
    private let isForPages: Bool

    private typealias Table = [String: (key: String, route: Route)]

    /// Creates the table: each route is found at its path, and below the issuer's path too.
    init(_ routes: [Route], below issuerPath: String = "", isForPages: Bool = true) {
        self.isForPages = isForPages
        var byPath: Table = [:]
        var byParent: Table = [:]
        for route in routes {
            for path in [route.path, issuerPath + route.path] {
                if path.hasSuffix(Self.parameter) {
                    let parent = String(path.dropLast(Self.parameter.count))
                    byParent[parent] = (parent, route)
                } else {
                    byPath[path] = (path, route)
                }
            }
        }
        self.byPath = byPath
        self.byParent = byParent
        forProxies = byPath.values.filter(\.route.isForProxies).map { ($0.key, $0.route) }
        everyMethod = Route.allow(of: routes.filter { !$0.isForProxies })
    }

    func route(for target: RequestTarget) -> Route? {
        switch target {
        case .path(let path, _): route(at: path, target) ?? routeForProxies(above: path)
        case .unroutable(let path, _): routeForProxies(above: path)
        case .irregular(let path, _): routeForProxies(at: path) ?? routeForProxies(above: path)
        case .asterisk, .authority: nil
        }
    }

    /// Returns the route for proxies that `path` lies below, which may be any path there is.
    private func routeForProxies(above path: String) -> Route? {
        forProxies.first { path.utf8.starts(with: $0.path.utf8 + [UInt8(ascii: "/")]) }?.route
    }

    private func routeForProxies(at path: String) -> Route? {
        forProxies.first { $0.path.hasSameBytes(as: path) }?.route
    }

    /// Returns which pages may read the answers of `route`, or of paths that have none.
    func policy(of route: Route?) -> CrossOrigin {
        isForPages ? route?.crossOrigin ?? .allowedOrigins : .nobody
    }

    private func route(at path: String, _ target: RequestTarget) -> Route? {
        if let route = Self.route(at: path, in: byPath) { return route }
        guard let (parent, id) = target.parentAndID else { return nil }
        return Self.isID(id) ? Self.route(at: parent, in: byParent) : nil
    }

    private static func route(at path: String, in table: Table) -> Route? {
        // Swift finds keys by canonical equivalence; paths are bytes.
        guard let (key, route) = table[path], key.hasSameBytes(as: path) else { return nil }
        return route
    }

    /// Whether `text` could be an id; whatever else stands in a path is not looked for.
    private static func isID(_ text: String) -> Bool {
        1...64 ~= text.utf8.count
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private static let parameter = "{id}"

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
}

extension RequestTarget {
    /// What stands before the last segment of a path, its slash included, and that segment.
    var parentAndID: (parent: String, id: String)? {
        guard case .path(let path, _) = self, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        let start = path.utf8.index(after: slash)
        return (String(path[..<start]), String(path[start...]))
    }
}

extension Routes {
    /// The public interface.
    static func `public`(_ dependencies: Dependencies, _ keys: LoopKeys, on loop: LoopExecutor) -> Self {
        let issuer = dependencies.configuration.issuer
        let live = dependencies.keys
        let cookieGuard = CookieGuard(dependencies)
        let tokens = TokenResponder(dependencies, keys)
        let refresh = RefreshEndpoint(dependencies, keys, tokens, cookieGuard)
        let authentication = Authentication(dependencies, keys, cookieGuard)
        let clients = ClientAuthentication(dependencies)
        let inspection = TokenInspection(dependencies, keys)
        var routes = [
            Route(
                "/login", [.post: LoginEndpoint(dependencies, keys, tokens, cookieGuard)],
                admission: .content(limitBytes: 8_192)),
            Route("/refresh", [.post: refresh]),
            Route("/token", [.post: TokenEndpoint(dependencies, keys, clients, refresh)]),
            Route("/introspect", [.post: IntrospectionEndpoint(dependencies, clients, inspection)]),
            Route("/revoke", [.post: RevocationEndpoint(dependencies, keys, clients, inspection)]),
            Route("/logout", [.post: LogoutEndpoint(dependencies, keys, authentication, cookieGuard)]),
            Route("/me", [.get: MeEndpoint(dependencies, authentication)]),
            Route("/sessions", [.get: SessionsEndpoint(dependencies, authentication)]),
            Route("/sessions/{id}", [.delete: SessionEndpoint(dependencies, authentication)]),
            Route("/password", [.post: PasswordEndpoint(dependencies, authentication)]),
            Route(
                forProxies: VerifyEndpoint.path,
                VerifyEndpoint(dependencies, authentication, inspection, cookieGuard)),
            Route(
                "/.well-known/jwks.json", [.get: DocumentEndpoint(keys, live, \.keySet)], crossOrigin: .everyone),
            Route(
                "/.well-known/oauth-authorization-server", [.get: DocumentEndpoint(keys, live, \.authorizationServer)],
                crossOrigin: .everyone),
            Route(
                "/.well-known/openid-configuration", [.get: DocumentEndpoint(keys, live, \.openIDProvider)],
                crossOrigin: .everyone),
        ]
        routes += BrowserFile.moduleRoutes
        if dependencies.configuration.isDevelopment { routes += BrowserFile.playgroundRoutes }
        if dependencies.configuration.status != nil {
            routes.append(
                Route("/status/{id}", [.get: StatusEndpoint(dependencies, keys, on: loop)], crossOrigin: .everyone))
        }
        if !issuer.path.isEmpty {
            // RFC 8414 §3.1: the well-known part is inserted between host and path. OpenID puts it behind the path, which is
            // `below`; clients that know both look for its document here as well (§5).
            routes += [
                Route(
                    "/.well-known/oauth-authorization-server" + issuer.path,
                    [.get: DocumentEndpoint(keys, live, \.authorizationServer)], crossOrigin: .everyone),
                Route(
                    "/.well-known/openid-configuration" + issuer.path,
                    [.get: DocumentEndpoint(keys, live, \.openIDProvider)], crossOrigin: .everyone),
            ]
        }
        return Self(routes + health(dependencies), below: issuer.path)
    }

    /// The management interface.
    static func management(_ dependencies: Dependencies) -> Self {
        Self(health(dependencies) + [Route("/metrics", [.get: MetricsEndpoint(dependencies)])], isForPages: false)
    }

    /// What container platforms ask, the same on both interfaces.
    static func health(_ dependencies: Dependencies) -> [Route] {
        let ready = ReadyEndpoint(
            watch: dependencies.storeWatch, keys: dependencies.keys, readiness: dependencies.readiness)
        return [
            Route("/livez", [.get: LiveEndpoint()]),
            Route("/readyz", [.get: ready]),
            Route("/healthz", [.get: ready]),
        ]
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardCore
package import LanyardHTTP
internal import LanyardWeb

extension Interface {
    /// The routes of the public interface.
    static func publicRoutes(
        _ context: EndpointContext, _ dependencies: Dependencies, on loop: LoopExecutor
    ) -> RouteTable<any Endpoint> {
        let documents = LoopDocuments(context)
        var login = APIRoute("/login", [.post: PostLogin(context: context)])
        login.admission = .content(limitBytes: 8_192)
        var routes = [
            login,
            APIRoute("/refresh", [.post: PostRefresh(context: context)]),
            APIRoute("/token", [.post: PostToken(context: context)]),
            APIRoute("/introspect", [.post: PostIntrospect(context: context)]),
            APIRoute("/revoke", [.post: PostRevoke(context: context)]),
            APIRoute("/logout", [.post: PostLogout(context: context)]),
            APIRoute("/me", [.get: GetMe(context: context)]),
            APIRoute("/sessions", [.get: GetSessions(context: context)]),
            APIRoute("/sessions/{id}", [.delete: DeleteSession(context: context)]),
            APIRoute("/password", [.post: PostPassword(context: context)]),
            .verify(context),
            .public("/.well-known/jwks.json", GetDocument(documents, \.keySet, .keySet)),
            .public(
                "/.well-known/oauth-authorization-server", GetDocument(documents, \.authorizationServer, .metadata)),
            .public("/.well-known/openid-configuration", GetDocument(documents, \.openIDProvider, .openIDMetadata)),
        ]
        routes += GetBrowserFile.moduleRoutes
        if context.configuration.isDevelopment { routes += GetBrowserFile.playgroundRoutes }
        if context.configuration.policies.tokens.status != nil {
            routes.append(.public("/status/{id}", GetStatusList(context, dependencies.statusDocuments, on: loop)))
        }
        let issuerPath = context.configuration.issuer.path
        if !issuerPath.isEmpty {
            // RFC 8414 §3.1: the well-known part is inserted between host and path. OpenID puts it behind the path, which is
            // `below`; clients that know both look for its document here as well (§5).
            routes += [
                .public(
                    "/.well-known/oauth-authorization-server" + issuerPath,
                    GetDocument(documents, \.authorizationServer, .metadata)),
                .public(
                    "/.well-known/openid-configuration" + issuerPath,
                    GetDocument(documents, \.openIDProvider, .openIDMetadata)),
            ]
        }
        return RouteTable(routes + healthRoutes(dependencies), below: issuerPath)
    }

    /// The routes of the management interface.
    static func managementRoutes(_ dependencies: Dependencies) -> RouteTable<any Endpoint> {
        let metrics = APIRoute("/metrics", [.get: GetMetrics(dependencies)])
        return RouteTable(healthRoutes(dependencies) + [metrics], isForPages: false)
    }

    /// What container platforms ask, the same on both interfaces.
    private static func healthRoutes(_ dependencies: Dependencies) -> [APIRoute] {
        let ready = GetReadiness(
            watch: dependencies.resources.storeWatch, keys: dependencies.resources.keys,
            readiness: dependencies.readiness)
        return [
            APIRoute("/livez", [.get: GetLiveness()]),
            APIRoute("/readyz", [.get: ready]),
            APIRoute("/healthz", [.get: ready]),
        ]
    }
}

extension Route<any Endpoint> {
    /// A document that every page may read.
    static func `public`(_ path: String, _ endpoint: Endpoint) -> Self {
        var route = Self(path, [.get: endpoint])
        route.crossOrigin = .everyone
        return route
    }

    /// The route that proxies ask before they pass a request on: with any method, at any path below, with content that nobody
    /// reads.
    static func verify(_ context: EndpointContext) -> Self {
        let endpoint = Verify(context: context)
        var route = Self(
            Verify.path,
            Dictionary(uniqueKeysWithValues: LanyardHTTP.Method.allCases.map { ($0, endpoint as Endpoint) }))
        route.crossOrigin = .nobody
        route.admission = .anythingWithoutContent
        route.hasPathsBelow = true
        return route
    }
}

extension Interface {
    /// What the interface does, by path and method.
    package var operations: [(path: String, method: LanyardHTTP.Method, operation: Operation)] {
        routes.declared.flatMap { route in
            route.endpoints.map { (route.path, $0.key, $0.value.operation) }
        }
    }
}

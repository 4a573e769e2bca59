// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
package import LanyardHTTP
internal import LanyardWeb

/// One of the two interfaces on one event loop: finds the endpoint of a request, and gives every answer what all answers
/// carry.
///
/// Each loop has its own, so that loops share nothing on a request's way: what can change while the process runs, keys and
/// allowed origins, it copies and asks only whether it was replaced.
package final class Interface: RequestHandler, @unchecked Sendable {
    // @unchecked Sendable because the loop it was made for is alone in using it: the engine calls it there, and ``LoopKeys``
    // checks that.
    let routes: RouteTable<any Endpoint>
    private let keys: LoopKeys
    private let live: LiveKeys
    private var allowedOrigins: Replaceable<AllowedOrigins>.Copy
    private var crossOrigin: CrossOriginRules
    private let issuer: String
    private let issuerOrigin: String
    private let log: RequestLog
    /// The field lines that every answer carries.
    private let securityFields: [Response.Field]
    /// The same for pages.
    private let pageSecurityFields: [Response.Field]
    private var prepared: [Prepared]
    /// The number of changes of the keys that `prepared` knows of; `nil` until the loop first makes the answers.
    private var preparedChangeCount: Int?

    /// A document whose answers are made, and the path that it is given at.
    private struct Prepared {
        let path: [UInt8]
        let identity: PreparedAnswer
        let gzip: PreparedAnswer
    }

    /// Creates the public interface for one loop.
    package static func `public`(_ dependencies: Dependencies, on loop: LoopExecutor) -> Interface {
        let context = EndpointContext(dependencies, on: loop)
        return Interface(publicRoutes(context, dependencies, on: loop), dependencies, context.useCases.keys)
    }

    /// Creates the management interface for one loop.
    package static func management(_ dependencies: Dependencies, on loop: LoopExecutor) -> Interface {
        let keys = LoopKeys(dependencies.resources.keys, dependencies.configuration.policies.tokens, on: loop)
        return Interface(managementRoutes(dependencies), dependencies, keys)
    }

    private init(_ routes: RouteTable<any Endpoint>, _ dependencies: Dependencies, _ keys: LoopKeys) {
        self.routes = routes
        self.keys = keys
        live = dependencies.resources.keys
        issuer = dependencies.configuration.issuer.text
        issuerOrigin = dependencies.configuration.issuer.origin
        allowedOrigins = Replaceable.Copy(of: dependencies.allowedOrigins)
        crossOrigin = CrossOriginRules(
            allowed: allowedOrigins.value, own: Array(dependencies.configuration.issuer.origin.utf8))
        log = dependencies.log
        securityFields = dependencies.configuration.demandsTLS ? SecurityFields.underTLS : SecurityFields.always
        pageSecurityFields = SecurityFields.fields(securityFields, for: .page)
        prepared = []
    }

    /// Makes the answers that are the same for all, again for each change of the keys.
    private func prepare() {
        preparedChangeCount = keys.changeCount
        prepared = routes.all.compactMap { path, route in
            // What every page may read, every page gets alike.
            guard route.crossOrigin == .everyone, let document = route.endpoint(for: .get)?.standingDocument else {
                return nil
            }
            let prepare = { [routes, securityFields, crossOrigin] (response: Response) in
                var response = response
                response.fields += securityFields
                crossOrigin.mark(&response, for: routes.policy(of: route), .none)
                return PreparedAnswer(response)
            }
            return Prepared(
                path: Array(path.utf8), identity: prepare(document.identity.response),
                gzip: prepare(document.gzip.response))
        }
    }

    /// Returns the rules for pages of other origins as they are now.
    private func currentCrossOrigin() -> CrossOriginRules {
        if allowedOrigins.update() { crossOrigin.allowed = allowedOrigins.value }
        return crossOrigin
    }

    package func admit(_ head: RequestHead) -> Admission {
        routes.route(for: head.target)?.admission ?? .ordinary
    }

    package func preparedAnswer(to head: HeadLayout, of bytes: Span<UInt8>) -> PreparedAnswer? {
        // At debug level each request has a line in the log, for which it has to be read whole.
        guard head.method == .get || head.method == .head, !head.isConditional, !log.events.isVerbose,
            keys.areDocumentsCurrent
        else { return nil }
        keys.update()
        // Not whether there was a change just now: another endpoint may have met it first.
        if keys.changeCount != preparedChangeCount { prepare() }
        for document in prepared where head.asks(for: document.path, of: bytes) {
            switch head.acceptEncoding {
            case .absent: return document.identity
            case .line(let range):
                return AcceptEncoding(bytes, in: range).prefersGzip ? document.gzip : document.identity
            case .lines: return nil
            }
        }
        return nil
    }

    package func refusalBeforeContent(of request: Request) -> Response? {
        var request = request
        let way = way(of: &request)
        do throws(APIError) {
            guard isOurs(request.head) else { throw .refused(.misdirected) }
            try way.requireEndpoint().checkBeforeContent(request.head)
            way.trail.discard()
            return nil
        } catch {
            return way.finish(.failure(error))
        }
    }

    package func respond(to request: Request, ticket: ExchangeTicket) -> Outcome {
        var request = request
        let way = way(of: &request)
        do throws(APIError) {
            guard isOurs(request.head) else { throw .refused(.misdirected) }
            switch request.head.target {
            case .asterisk:
                let fields: [Response.Field] = [.init("Allow", routes.everyMethod), .init("Cache-Control", "no-store")]
                return .respond(way.finish(.success(Response(status: 204, fields: fields))))
            case .authority:
                throw .methodNotAllowed(allow: routes.everyMethod)  // CONNECT: this is no proxy.
            case .path, .unroutable, .irregular:
                break
            }
            if request.head.method == .options, way.endpoint == nil {
                return .respond(way.finish(.success(try way.options(request.head))))
            }
            let pending = PendingAnswer(
                call: Call(request, ticket, way.crossOrigin), endpoint: try way.requireEndpoint(), keys: live,
                finish: way.finish)
            return pending.begin()
        } catch {
            return .respond(way.finish(.failure(error)))
        }
    }

    package func refusal(of error: RequestError, head: RequestHead?, id: RequestID) -> Response {
        let route = head.flatMap { routes.route(for: $0.target) }
        var response = Response(
            for: .refused(error), in: route?.errorForm ?? .problem, realm: issuer, id: id)
        response.report = log.beginTrail(ofRefusal: error, id: id, head: head, route: route?.path)
        // RFC 6797 §7.2: never in an answer without TLS, where anybody could have put it.
        response.fields += error == .malformed(.notSecure) ? SecurityFields.always : securityFields
        if let head {
            let crossOrigin = currentCrossOrigin()
            crossOrigin.mark(
                &response, for: routes.policy(of: route), crossOrigin.judge(head))
        }
        return response
    }

    package func report(_ fault: EngineFault, id: RequestID?) {
        log.events.record(fault, of: id)
    }

    /// Where a request goes, and how its answer leaves.
    private struct Way {
        let route: APIRoute?
        let endpoint: (any Endpoint)?
        let policy: CrossOrigin
        let crossOrigin: CrossOriginRules
        let verdict: CrossOriginRules.Verdict
        let trail: RequestTrail
        let finish: @Sendable (Result<Response, APIError>) -> Response

        func requireEndpoint() throws(APIError) -> any Endpoint {
            guard let route else { throw .notFound }
            guard let endpoint else { throw .methodNotAllowed(allow: route.allow) }
            return endpoint
        }

        func options(_ head: RequestHead) throws(APIError) -> Response {
            guard let route else { throw .notFound }
            guard let response = crossOrigin.options(allow: route.allow, policy, head, verdict) else {
                throw .originNotAllowed
            }
            return response
        }
    }

    /// Finds the route of `request`, and begins its trail in the log.
    private func way(of request: inout Request) -> Way {
        let route = routes.route(for: request.head.target)
        let trail = log.beginTrail(of: request, route: route?.path)
        request.context.report = trail
        let crossOrigin = currentCrossOrigin()
        let verdict = crossOrigin.judge(request.head)
        let endpoint = route?.endpoint(for: request.head.method)
        return Way(
            route: route, endpoint: endpoint, policy: routes.policy(of: route), crossOrigin: crossOrigin,
            verdict: verdict, trail: trail,
            finish: finisher(for: request, trail, crossOrigin, route, endpoint, verdict))
    }

    /// Whether a target in absolute form names this server: the issuer, or the `Host` that the client reached it by.
    ///
    /// RFC 9112 §3.2.2 and RFC 9110 §7.4: a request for another server must not be answered as one for this.
    private func isOurs(_ head: RequestHead) -> Bool {
        guard let authority = head.authority.map({ String(decoding: $0, as: UTF8.self).lowercased() }) else {
            return true
        }
        let host = head.value(of: "host").map { String(decoding: $0, as: UTF8.self).lowercased() }
        return authority == host || issuerOrigin.hasSuffix("://" + authority)
    }

    private func finisher(
        for request: Request, _ trail: RequestTrail, _ crossOrigin: CrossOriginRules, _ route: APIRoute?,
        _ endpoint: (any Endpoint)?, _ verdict: CrossOriginRules.Verdict
    ) -> @Sendable (Result<Response, APIError>) -> Response {
        let policy = routes.policy(of: route)
        let form = endpoint?.errorForm ?? route?.errorForm ?? .problem
        let fields = endpoint?.responseFields ?? []
        let isForPages = route != nil && policy == .allowedOrigins
        let securityFields = route?.contentPolicy == .page ? pageSecurityFields : securityFields
        return { [issuer, log, request] result in
            var response: Response
            switch result {
            case .success(let success):
                response = success
            case .failure(let error):
                trail.refuse(error)
                if case .storeFailed(let reason) = error {
                    log.record(.storeUnavailable(reason: "\(reason)"), request)
                }
                if error == .internal { log.record(.bug, request) }
                response = Response(for: error, in: form, realm: issuer, id: request.context.id)
            }
            response.fields += securityFields
            crossOrigin.mark(&response, for: policy, verdict)
            if isForPages, case .refused(let origin) = verdict, result.failure != .siteNotAllowed {
                log.record(.originRefused(origin: origin, .notAllowed), request)
            }
            response.fields += fields
            response.report = trail
            return response
        }
    }
}

extension Result {
    /// The error, if it is one.
    fileprivate var failure: Failure? {
        guard case .failure(let error) = self else { return nil }
        return error
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardCore
internal import LanyardHTTP

/// What the endpoints of one event loop share; an object, so that each response that is made later holds one reference.
final class EndpointContext: Sendable {
    let configuration: APIConfiguration
    let resources: Resources
    let useCases: UseCases
    let log: RequestLog
    let cookieGuard: CookieGuard
    let authentication: Authentication
    let tokenAnswer: TokenAnswer

    init(_ dependencies: Dependencies, on loop: LoopExecutor) {
        configuration = dependencies.configuration
        resources = dependencies.resources
        useCases = UseCases(resources, on: loop)
        log = dependencies.log
        cookieGuard = CookieGuard(log: log)
        authentication = Authentication(useCases, configuration.cookies, cookieGuard, log)
        tokenAnswer = TokenAnswer(configuration)
    }
}

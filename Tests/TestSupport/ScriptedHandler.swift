// SPDX-License-Identifier: Apache-2.0

package import LanyardHTTP

/// A handler that a test writes as a closure.
package struct ScriptedHandler: RequestHandler {
    private let limitBytes: Int
    private let faults: Inbox<EngineFault>?
    private let script: @Sendable (Request, ExchangeTicket) -> Outcome

    /// Creates a handler that takes content of `limitBytes` at most, and puts the engine's faults into `faults`.
    package init(
        limitBytes: Int = 65_536, faults: Inbox<EngineFault>? = nil,
        _ script: @escaping @Sendable (Request, ExchangeTicket) -> Outcome
    ) {
        self.limitBytes = limitBytes
        self.faults = faults
        self.script = script
    }

    package func admit(_ head: RequestHead) -> Admission { .content(limitBytes: limitBytes) }

    package func respond(to request: Request, ticket: ExchangeTicket) -> Outcome { script(request, ticket) }

    package func report(_ fault: EngineFault, id: RequestID?) { faults?.put(fault) }

    /// The error's description, so that a test can tell which it was.
    package func refusal(of error: RequestError, head: RequestHead?, id: RequestID) -> Response {
        Response(status: error.status, fields: [.init("Content-Type", "text/plain")], body: Array("\(error)".utf8))
    }
}

extension Response {
    /// Creates a 200 with `text`.
    package init(text: String) {
        self.init(status: 200, fields: [.init("Content-Type", "text/plain")], body: Array(text.utf8))
    }
}

extension Request {
    /// The path of the target, or an empty text.
    package var path: String {
        guard case .path(let path, _) = head.target else { return "" }
        return path
    }
}

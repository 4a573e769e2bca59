// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardVerifier
internal import LanyardWeb

/// `GET /status/{list}`: a status list, from memory (Token Status List §8).
struct GetStatusList: Endpoint {
    private let lists: LoopStatusDocuments
    private let freshness: Freshness
    private let keys: LoopKeys
    private let now: @Sendable () -> UnixTime

    let operation = Operation("Get a status list", gives: .document(mediaType: StatusDocument.mediaType))

    init(_ context: EndpointContext, _ documents: StatusDocuments, on loop: LoopExecutor) {
        lists = LoopStatusDocuments(documents, on: loop)
        freshness = documents.freshness
        keys = context.useCases.keys
        now = context.resources.now
    }

    func answer(_ call: Call) async throws(APIError) -> Answer {
        // An old list would hide what was revoked since. While the store is away, it is better than none.
        if !freshness.isFreshOrUnreadable { _ = await freshness.wait() }
        let head = call.request.head
        guard let lists = lists.current else { throw .storeUnavailable }
        guard let (_, id) = head.target.parentAndID, let number = Self.number(id), let found = lists[number] else {
            throw .notFound
        }
        // §8.4: a server that keeps no lists of the past says so.
        guard !Self.namesTime(head.target) else { throw .notImplemented("Only the present list is served: no time.") }
        let accept = AcceptField(head)
        guard !accept.names("application/statuslist+cwt") || accept.accepts(StatusDocument.mediaType) else {
            throw .notAcceptable("Status lists are served as \(StatusDocument.mediaType).")
        }
        guard found.list.isReliable(at: now(), under: keys.current.keyring) else {
            throw .storeUnavailable
        }
        return .response(try found.document.answer(to: head))
    }

    /// Returns the number of a list, of which there is one spelling: tokens name the list by it.
    private static func number(_ text: String) -> Int64? {
        guard let number = Int64(text), String(number).hasSameBytes(as: text) else { return nil }
        return number
    }

    /// Whether the query has a parameter `time`, whatever else it has.
    private static func namesTime(_ target: RequestTarget) -> Bool {
        guard case .path(_, let query?) = target else { return false }
        return query.split(separator: UInt8(ascii: "&")).contains { parameter in
            (try? FormParameters(parsing: Array(parameter)))?["time"] != nil
        }
    }
}

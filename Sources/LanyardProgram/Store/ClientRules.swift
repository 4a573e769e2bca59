// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardService
internal import LanyardStore
internal import LanyardStoreSQLite

/// What the commands do with service clients, and how they tell what came of it.
struct ClientRules {
    private let opened: OpenedStore
    private let clients: Clients

    /// Opens the store of the settings.
    init(_ settings: Settings, for use: OpenedStore.Use) throws(Failure) {
        opened = try OpenedStore(settings, for: use)
        clients = Clients(store: opened.store, now: SystemClock.now)
    }

    /// Ends the store.
    func close() { opened.store.close() }

    /// Adds a client and prints what it authenticates itself with.
    func add(_ new: NewClient, named name: String) throws(Failure) {
        let secret = try step(name) { clients.add(new, completion: $0) }
        try writeResult("client_id: \(name)\nclient_secret: \(secret.reveal())\n")
        writeNotice("lanyard: added the client \(name); its secret is shown this once\n")
    }

    /// Prints all clients, a page at a time.
    func list(asJSON: Bool) throws(Failure) {
        var elements: [JSONValue] = []
        var last: String?
        while true {
            let page = try step("") { clients.clients(after: last, limit: Self.pageLength, completion: $0) }
            elements += page.map(\.json)
            if !asJSON, !page.isEmpty { try writeResult(page.map(\.line).joined()) }
            guard page.count == Self.pageLength else { break }
            last = page.last?.id
        }
        if asJSON { try writeResult(JSONValue.array(elements).text + "\n") }
    }

    /// Removes a client.
    func remove(_ name: String) throws(Failure) {
        try step(name) { clients.remove(named: name, completion: $0) }
        writeNotice("lanyard: removed the client \(name); its tokens are revoked\n")
    }

    private func step<Value: Sendable>(
        _ name: String, _ begin: (@escaping Clients.Completion<Value>) -> Void
    ) throws(Failure) -> Value {
        do throws(ClientError) {
            return try wait(begin)
        } catch {
            throw Failure(error, client: name)
        }
    }

    private static let pageLength = 500
}

extension ServiceClient {
    /// The client in one line, for people.
    fileprivate var line: String { "\(id)\t\(createdAt.rfc3339)\t\(roles.joined(separator: ","))\n" }
}

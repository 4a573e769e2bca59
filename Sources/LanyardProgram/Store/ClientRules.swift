// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCore
internal import LanyardStore
internal import LanyardStoreSQLite

/// What the commands do with service clients, and how they tell what came of it.
struct ClientRules {
    private let opened: OpenedStore
    private let clients: Clients

    /// Opens the store of the settings.
    init(_ settings: Settings, for use: OpenedStore.Use) async throws(Failure) {
        opened = try await OpenedStore(settings, for: use)
        clients = Clients(store: opened.store, now: SystemClock.now)
    }

    /// Ends the store.
    func close() { opened.store.close() }

    /// Adds a client and prints what it authenticates itself with.
    func add(_ new: NewClient, named name: String) async throws(Failure) {
        let secret = try await step(name, await clients.add(new))
        try writeResult("client_id: \(name)\nclient_secret: \(secret.reveal())\n")
        writeNotice("lanyard: added the client \(name); its secret is shown this once\n")
    }

    /// Prints all clients, a page at a time.
    func list(asJSON: Bool) async throws(Failure) {
        var elements: [JSONValue] = []
        var last: String?
        while true {
            let page = try await step("", await clients.clients(after: last, limit: Self.pageLength))
            elements += page.map(\.json)
            if !asJSON, !page.isEmpty { try writeResult(page.map(\.line).joined()) }
            guard page.count == Self.pageLength else { break }
            last = page.last?.id
        }
        if asJSON { try writeResult(JSONValue.array(elements).text + "\n") }
    }

    /// Removes a client.
    func remove(_ name: String) async throws(Failure) {
        try await step(name, await clients.remove(named: name))
        writeNotice("lanyard: removed the client \(name); its tokens are revoked\n")
    }

    private func step<Value>(
        _ name: String, _ make: @autoclosure () async throws(ClientError) -> Value
    ) async throws(Failure) -> Value {
        do throws(ClientError) {
            return try await make()
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

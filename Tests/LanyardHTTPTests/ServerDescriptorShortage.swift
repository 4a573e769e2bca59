// SPDX-License-Identifier: Apache-2.0

import Glibc
import LanyardHTTP
import TestSupport

/// A server in a process that has no descriptor left for its clients.
///
/// Changes the limits of the process, so it must have one of its own.
struct DescriptorShortage {
    private struct Unexpected: Error {
        let what: String
    }

    private let running: RunningServer
    private let served: RawClient
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    init() throws {
        running = try RunningServer(ScriptedHandler { _, _ in .respond(Response(text: "hello")) }, loops: 1)
        served = try running.connect()
        try expectServed(served, "a client at the start")
    }

    /// With no number left at all, clients wait, the loop rests, and then everybody is served.
    func expectWaiting() throws {
        let clients = try (0..<10).map { _ in try RawClient(unconnectedTo: running.addresses[0]) }
        let old = try limitDescriptors(to: 3)
        for client in clients { try client.connect() }
        try expectServed(served, "an old client, while none can come")
        try expectRest()
        for client in clients where client.hasSomething(within: 0) {
            throw Unexpected(what: "a descriptor from nowhere")
        }
        _ = try limitDescriptors(to: old)
        for client in clients { try expectServed(client, "a client that had to wait") }
    }

    /// With the last number held by the loop's spare, clients are told, and later ones are served.
    func expectRefusal() throws {
        let clients = try (0..<40).map { _ in try RawClient(unconnectedTo: running.addresses[0]) }
        let fillers = (0..<40).map { _ in dup(0) }
        let old = try limitDescriptors(to: rlim_t((fillers.max() ?? 0) + 1))
        for client in clients { try client.connect() }
        for client in clients {
            let response = try client.readResponse()
            guard response.status == 503, response.closes else {
                throw Unexpected(what: "\(response) for want of a 503")
            }
        }
        try expectServed(served, "an old client, beside refused ones")
        _ = try limitDescriptors(to: old)
        let late = try running.connect()
        try expectServed(late, "a client after the shortage")
    }

    private func expectServed(_ client: RawClient, _ who: String) throws {
        try client.send(Self.request)
        guard try client.readResponse().status == 200 else { throw Unexpected(what: "\(who) was not served") }
    }

    /// A loop that spins takes all the time there is; one that rests takes next to nothing.
    private func expectRest() throws {
        let before = clock()
        var nothing = pollfd(fd: -1, events: 0, revents: 0)
        _ = unsafe poll(&nothing, 1, 500)
        let busy = Double(clock() - before) / Double(CLOCKS_PER_SEC)
        guard busy < 0.25 else { throw Unexpected(what: "the loop spins: \(busy) s of 0.5 s") }
    }

    private func limitDescriptors(to count: rlim_t) throws -> rlim_t {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw Unexpected(what: "getrlimit")
        }
        let old = limit.rlim_cur
        limit.rlim_cur = count
        guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw Unexpected(what: "setrlimit")
        }
        return old
    }
}

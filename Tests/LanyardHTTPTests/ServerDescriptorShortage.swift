// SPDX-License-Identifier: Apache-2.0

import Glibc
import LanyardHTTP
import TestSupport

/// A process that has no descriptor left for some of its clients.
enum DescriptorShortage {
    private struct Unexpected: Error {
        let what: String
    }

    /// Fills the table of this process, so it must be one of its own.
    static func run() throws {
        let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        let running = try RunningServer(
            ScriptedHandler { _, _ in .respond(Response(text: "hello")) }, loops: 1)
        let served = try running.connect()
        try served.send(request)
        guard try served.readResponse().status == 200 else { throw Unexpected(what: "no answer at the start") }

        // From here on a descriptor that is opened for a client is the last: the server finds none for its side.
        var crowd: [RawClient] = []
        var fillers: [Int32] = []
        for _ in 0..<40 { fillers.append(dup(0)) }
        let highest = fillers.max() ?? 0
        var limit = rlimit(rlim_cur: rlim_t(highest + 1), rlim_max: rlim_t(highest + 1))
        guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw Unexpected(what: "setrlimit")
        }
        for filler in fillers.prefix(20) {
            close(filler)
            crowd.append(try running.connect())
        }
        // Everybody waits or is refused; nobody is served, for want of a descriptor.
        var refused = 0
        for client in crowd where client.hasSomething(within: 1_000) {
            guard try client.readResponse().status == 503 else { throw Unexpected(what: "served without a descriptor") }
            refused += 1
        }
        guard refused > 0 else { throw Unexpected(what: "nobody was refused") }
        try served.send(request)
        guard try served.readResponse().status == 200 else { throw Unexpected(what: "an old client lost its server") }

        try expectRest(beside: running)
        for filler in fillers.dropFirst(20) { close(filler) }
        crowd.removeAll()
        let isServedAgain = try eventually {
            let client = try running.connect()
            try client.send(request)
            return try client.readResponse().status == 200
        }
        guard isServedAgain else { throw Unexpected(what: "accepting did not go on") }
    }

    /// A server that spins takes all the time there is; one that pauses takes next to nothing.
    private static func expectRest(beside running: RunningServer) throws {
        let waiting = try? running.connect()
        let before = clock()
        var entry = pollfd(fd: -1, events: 0, revents: 0)
        _ = unsafe poll(&entry, 1, 500)
        let busy = Double(clock() - before) / Double(CLOCKS_PER_SEC)
        withExtendedLifetime(waiting) {}
        guard busy < 0.25 else { throw Unexpected(what: "the loop spins: \(busy) s of 0.5 s") }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Glibc
internal import LanyardBase
import LanyardHTTP
import TestSupport
import Testing

@Suite struct `Server listening` {
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let peer = ScriptedHandler { request, _ in .respond(Response(text: request.context.peer.description))
    }

    private func answer(_ address: BoundAddress) throws -> String {
        let client = try RawClient(to: address)
        try client.send(Self.request)
        return try client.readResponse().text
    }

    @Test func `takes a free port and tells which`() throws {
        let running = try RunningServer(Self.peer)
        #expect(running.addresses.count == 1)
        #expect(running.addresses[0].port != 0)
        #expect(try answer(running.addresses[0]) == "127.0.0.1")
    }

    @Test func `refuses a port that another server has`() throws {
        let first = try RunningServer(Self.peer)
        #expect(throws: ServerError.addressInUse(first.addresses[0])) {
            let address = String(first.addresses[0].description.dropFirst("http://".count))
            return try RunningServer(Self.peer, at: [address])
        }
        #expect(try answer(first.addresses[0]) == "127.0.0.1")
    }

    @Test func `leaves nothing open when one of its addresses is taken`() throws {
        let first = try RunningServer(Self.peer)
        let address = String(first.addresses[0].description.dropFirst("http://".count))
        let path = temporaryPath()
        #expect(throws: ServerError.addressInUse(first.addresses[0])) {
            try RunningServer(Self.peer, at: ["unix:\(path)", address])
        }
        #expect(!exists(path))
    }

    @Test func `listens on both addresses of localhost, on one port`() throws {
        let running = try RunningServer(Self.peer, at: ["localhost:0"])
        #expect(running.addresses.map(\.port).allSatisfy { $0 == running.addresses[0].port })
        #expect(try running.addresses.map(answer) == ["127.0.0.1", "::1"])
    }

    @Test func `listens on several addresses`() throws {
        let running = try RunningServer(Self.peer, at: ["127.0.0.1:0", "[::1]:0", "unix:\(temporaryPath())"])
        #expect(try running.addresses.map(answer) == ["127.0.0.1", "::1", "unix"])
    }

    @Test func `sees an IPv4 client of an IPv6 wildcard as IPv4`() throws {
        let running = try RunningServer(Self.peer, at: ["[::]:0"])
        let port = running.addresses[0].port ?? 0
        #expect(try answer(.ip(.version4(0x7F00_0001), port: port)) == "127.0.0.1")
        #expect(try answer(.ip(.version6(high: 0, low: 1), port: port)) == "::1")
    }

    @Test func `refuses a name without an address`() throws {
        #expect(throws: ServerError.unknownHost("no-such-host.invalid")) {
            try RunningServer(Self.peer, at: ["no-such-host.invalid:0"])
        }
    }

    @Test func `makes a socket file for its group, and removes it`() throws {
        let path = temporaryPath()
        let done = Inbox<Bool>()
        let running = try RunningServer(Self.peer, loops: 3, at: ["unix:\(path)"])
        var status = stat()
        #expect(unsafe lstat(path, &status) == 0)
        #expect(status.st_mode == S_IFSOCK | 0o660)
        for _ in 0..<20 { #expect(try answer(running.addresses[0]) == "unix") }
        running.server.drain { done.put(true) }
        #expect(try done.next())
        #expect(eventually { !exists(path) })
    }

    @Test func `replaces a stale socket file, and neither a live one nor another file`() throws {
        let path = temporaryPath()
        let stale = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(stale, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0)
        close(stale)

        let running = try RunningServer(Self.peer, at: ["unix:\(path)"])
        #expect(try answer(running.addresses[0]) == "unix")
        #expect(throws: ServerError.addressInUse(.unix(path: path))) {
            try RunningServer(Self.peer, at: ["unix:\(path)"])
        }
        #expect(try answer(running.addresses[0]) == "unix")

        let file = temporaryPath()
        close(unsafe open(file, O_CREAT | O_WRONLY, 0o600))
        #expect(throws: ServerError.cannotListen(.unix(path: file), errno: EEXIST)) {
            try RunningServer(Self.peer, at: ["unix:\(file)"])
        }
        #expect(exists(file))
        unsafe unlink(file)
    }

    @Test func `lets clients wait without spinning while the process has no descriptor`() async {
        await #expect(processExitsWith: .success) { try DescriptorShortage().expectWaiting() }
    }

    @Test func `refuses clients by its spare descriptor when that is the last`() async {
        await #expect(processExitsWith: .success) { try DescriptorShortage().expectRefusal() }
    }

    private func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    private func temporaryPath() -> String {
        "/tmp/lanyard-test-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    }
}

// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
internal import LanyardBase
import LanyardHTTP
import TestSupport
import Testing

@Suite struct `Inherited listeners` {
    private static let peer = ScriptedHandler { request, _ in
        .respond(Response(text: request.context.peer.description))
    }

    @Test(arguments: [AF_INET, AF_INET6])
    func `are taken over with the port that they have`(family: Int32) throws {
        let socket = try ManagedSocket.listening(family)
        let listener = try Listener.inherited(takingOwnershipOf: socket.passed())
        guard case .ip(let address, let port) = listener.endpoint else {
            Issue.record("\(listener.endpoint)")
            return
        }
        #expect(address.isLoopback)
        #expect(port != 0)
    }

    @Test func `are taken over with the file or the name that they have`() throws {
        let path = temporaryPath()
        let file = try ManagedSocket.listening(at: path)
        #expect(try Listener.inherited(takingOwnershipOf: file.passed()).endpoint == .unix(path: path))
        #expect(unsafe access(path, F_OK) == 0, "the file stays with who made it")
        unsafe unlink(path)
        let longest = path + String(repeating: "x", count: 108 - path.utf8.count - 1)
        let long = try ManagedSocket.listening(at: longest)
        #expect(try Listener.inherited(takingOwnershipOf: long.passed()).endpoint == .unix(path: longest))
        unsafe unlink(longest)
        let name = "@lanyard-test-\(UInt64.random(in: 0 ... .max))"
        let abstract = try ManagedSocket.listening(at: name)
        #expect(try Listener.inherited(takingOwnershipOf: abstract.passed()).endpoint == .unix(path: name))
    }

    @Test func `are not inherited any further, and never block`() throws {
        let socket = try ManagedSocket.listening(AF_INET)
        let number = try socket.passed()
        #expect(fcntl(number, F_GETFD) & FD_CLOEXEC == 0)
        let listener = try Listener.inherited(takingOwnershipOf: number)
        withExtendedLifetime(listener) {
            #expect(fcntl(number, F_GETFD) & FD_CLOEXEC != 0)
            #expect(fcntl(number, F_GETFL) & O_NONBLOCK != 0)
        }
    }

    @Test func `are refused and closed when they are something else`() throws {
        let bound = try ManagedSocket(AF_INET)
        try bound.bind()
        let datagrams = try ManagedSocket(AF_INET6, SOCK_DGRAM)
        try datagrams.bind()
        let name = "@lanyard-test-\(UInt64.random(in: 0 ... .max))"
        let packets = try ManagedSocket.listening(at: name, SOCK_SEQPACKET)
        var pair: [Int32] = [-1, -1]
        #expect(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        defer { close(pair[1]) }
        let file = unsafe open("/dev/null", O_RDONLY)
        for number in [try bound.passed(), try datagrams.passed(), try packets.passed(), pair[0], file] {
            #expect(throws: ServerError.notAListener(descriptor: number)) {
                try Listener.inherited(takingOwnershipOf: number)
            }
        }
        let nothing = Int32(getdtablesize())
        #expect(throws: ServerError.notAListener(descriptor: nothing)) {
            try Listener.inherited(takingOwnershipOf: nothing)
        }
    }

    @Test(arguments: [1, 3])
    func `come before those of the configuration, and all loops accept from them`(loops: Int) throws {
        let path = temporaryPath()
        defer { unsafe unlink(path) }
        let sockets = try [ManagedSocket.listening(AF_INET), .listening(AF_INET6), .listening(at: path)]
        let inherited = try sockets.map { try Listener.inherited(takingOwnershipOf: $0.passed()) }
        let running = try RunningServer(Self.peer, loops: loops, inheriting: inherited)
        #expect(Array(running.addresses.prefix(3)) == inherited.map(\.endpoint))
        #expect(running.addresses.count == 4)
        for (address, peer) in zip(running.addresses, ["127.0.0.1", "::1", "unix", "127.0.0.1"]) {
            for _ in 0..<10 { #expect(try answer(address) == peer) }
        }
    }

    @Test func `need no other address`() throws {
        let socket = try ManagedSocket.listening(AF_INET)
        let listener = try Listener.inherited(takingOwnershipOf: socket.passed())
        let running = try RunningServer(Self.peer, at: [], inheriting: [listener])
        #expect(running.addresses == [listener.endpoint])
        #expect(try answer(running.addresses[0]) == "127.0.0.1")
    }

    @Test func `answer who connected before there was a server, and who connects between two`() throws {
        let path = temporaryPath()
        defer { unsafe unlink(path) }
        for socket in [try ManagedSocket.listening(AF_INET), try .listening(at: path)] {
            let address = try Listener.inherited(takingOwnershipOf: socket.passed()).endpoint
            for _ in 1...3 {
                let early = try (0..<20).map { _ in try asking(address) }
                let running = try RunningServer(
                    Self.peer, loops: 3, at: [],
                    inheriting: [try Listener.inherited(takingOwnershipOf: socket.passed())])
                for client in early { #expect(try client.readResponse().status == 200) }
                let late = try asking(address)
                let done = Inbox<Bool>()
                running.server.drain { done.put(true) }
                #expect(try late.readResponse().status == 200)
                #expect(try done.next())
            }
            #expect(unsafe address == .unix(path: path) ? access(path, F_OK) == 0 : true, "the file is not removed")
        }
    }

    private func asking(_ address: BoundAddress) throws -> RawClient {
        let client = try RawClient(to: address)
        try client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        return client
    }

    private func answer(_ address: BoundAddress) throws -> String {
        try asking(address).readResponse().text
    }

    private func temporaryPath() -> String {
        "/tmp/lanyard-test-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import LanyardProgram
import Testing

@Suite struct `The service manager` {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Binds a datagram socket, lets `tell` send to it, and returns what came.
    private func received(named name: String, _ tell: (ServiceNotifier) -> Void) throws -> String {
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = name.hasPrefix("@") ? [0] + Array(name.utf8.dropFirst()) : Array(name.utf8)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
        let length = socklen_t(2 + path.count + (name.hasPrefix("@") ? 0 : 1))
        let isBound = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(socket, $0, length) == 0 }
        }
        try #require(isBound)
        tell(ServiceNotifier(environment: ["NOTIFY_SOCKET": name]))
        var poll = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        try #require(unsafe Glibc.poll(&poll, 1, 5_000) == 1)
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = unsafe recv(socket, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }

    @Test func `is told how far the process is`() throws {
        let path = folder.path + "/n"
        #expect(try received(named: path) { $0.tell(.ready) } == "READY=1")
        #expect(try received(named: path + "2") { $0.tell(.stopping) } == "STOPPING=1")
        let reloading = try received(named: path + "3") { $0.tell(.reloading) }
        #expect(reloading.hasPrefix("RELOADING=1\nMONOTONIC_USEC="))
        #expect(try #require(UInt64(reloading.dropFirst(27))) > 0)
    }

    @Test func `is reached at an abstract address`() throws {
        let name = "@lanyard-" + (folder.path.split(separator: "/").last ?? "")
        #expect(try received(named: name) { $0.tell(.ready) } == "READY=1")
    }

    @Test(arguments: [nil, "", "relative", "/nowhere/n", "/" + String(repeating: "x", count: 200)])
    func `is not needed`(name: String?) {
        ServiceNotifier(environment: name.map { ["NOTIFY_SOCKET": $0] } ?? [:]).tell(.ready)
    }
}

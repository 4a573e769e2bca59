// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
import LanyardHTTP
import Testing

@Suite struct `Server addresses` {
    struct Case: CustomTestStringConvertible, Sendable {
        let text: String, address: ListenAddress
        var testDescription: String { text }
    }

    static let accepted = [
        Case(text: "127.0.0.1:8080", address: .tcp(.address(.version4(0x7F00_0001)), port: 8_080)),
        Case(text: "0.0.0.0:0", address: .tcp(.address(.version4(0)), port: 0)),
        Case(text: "[::1]:65535", address: .tcp(.address(.version6(high: 0, low: 1)), port: 65_535)),
        Case(text: "[::]:80", address: .tcp(.address(.version6(high: 0, low: 0)), port: 80)),
        Case(text: "localhost:8080", address: .tcp(.name("localhost"), port: 8_080)),
        Case(text: "auth.example:443", address: .tcp(.name("auth.example"), port: 443)),
        Case(text: "unix:/run/lanyard.sock", address: .unix(path: "/run/lanyard.sock")),
    ]

    @Test(arguments: accepted)
    func `are read and written back`(_ example: Case) throws {
        let address = try ListenAddress(example.text)
        #expect(address == example.address)
        #expect(address.description == example.text)
    }

    @Test(arguments: [
        "", ":", ":8080", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:+80", "127.0.0.1:-1", "127.0.0.1:65536",
        "127.0.0.1:080808", "127.0.0.1:8 0", "127.0.0.1:\u{0661}", "127.1:80", "1:80", "256.0.0.1:80", "::1:8080",
        "[::1]", "[::1:80",
        "[127.0.0.1]:80", "[localhost]:80", "[fe80::1%eth0]:80", "a b:80", "-a:80", "a/b:80", "http://a:80",
        "unix:", "unix:relative", "unix:/" + String(repeating: "a", count: 107), "unix:/a\u{0}b",
    ])
    func `are refused when they are something else`(text: String) {
        #expect(throws: ServerError.invalidAddress(text)) { try ListenAddress(text) }
    }

    @Test func `are printed as base URLs when they are bound`() {
        #expect(BoundAddress.ip(.version4(0x7F00_0001), port: 8_080).description == "http://127.0.0.1:8080")
        #expect(BoundAddress.ip(.version6(high: 0, low: 1), port: 80).description == "http://[::1]:80")
        #expect(BoundAddress.unix(path: "/run/a").description == "unix:/run/a")
    }

    @Test(arguments: ["", "1", "1.2.3.4\u{0}", "1.2.3.4\u{0}5", "01.2.3.4", "::1\u{0}", "[::1]", "fe80::1%lo", " ::1"])
    func `of the internet protocol have one notation`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `of mapped IPv6 are IPv4`() throws {
        #expect(IPAddress("::ffff:192.0.2.1") == .version4(0xC000_0201))
        #expect(IPAddress("::ffff:192.0.2.1")?.description == "192.0.2.1")
    }

    @Test func `of one subscriber share a /64 of IPv6 and nothing of IPv4`() throws {
        #expect(IPAddress("2001:db8::1")?.subscriber == IPAddress("2001:db8::ffff:2")?.subscriber)
        #expect(IPAddress("2001:db8::1")?.subscriber != IPAddress("2001:db8:0:1::1")?.subscriber)
        #expect(IPAddress("192.0.2.1")?.subscriber != IPAddress("192.0.2.2")?.subscriber)
    }

    @Test(arguments: [
        "0.0.0.0", "1.2.3.4", "10.20.30.40", "100.200.109.255", "255.255.255.255", "::", "::1", "2001:db8::1",
        "2001:db8:0:1:2:3:4:5",
    ])
    func `are written as they are read`(text: String) throws {
        #expect(IPAddress(text)?.description == text)
    }

    @Test func `know the wildcard and the loopback`() throws {
        #expect(["0.0.0.0", "::"].map { IPAddress($0)?.isWildcard } == [true, true])
        #expect(["127.0.0.1", "::1", "0.0.0.1"].map { IPAddress($0)?.isWildcard } == [false, false, false])
        #expect(["127.0.0.1", "127.9.9.9", "::1"].map { IPAddress($0)?.isLoopback } == [true, true, true])
        #expect(["128.0.0.1", "0.0.0.0", "::2"].map { IPAddress($0)?.isLoopback } == [false, false, false])
    }
}

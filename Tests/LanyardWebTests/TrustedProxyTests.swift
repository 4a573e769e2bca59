// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
import LanyardHTTP
import LanyardWeb
import Testing

@Suite struct `Trusted proxies` {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String, peer: String, lines: [String], client: String
        var testDescription: String { name }

        init(_ name: String, from peer: String = "10.0.0.1", _ lines: [String], client: String) {
            (self.name, self.peer, self.lines, self.client) = (name, peer, lines, client)
        }
    }

    static let proxies = TrustedProxies(["10.0.0.0/8", "2001:db8:1::/48"].compactMap { AddressBlock($0) })

    static let cases = [
        Case("no field", [], client: "10.0.0.1"),
        Case("one client", ["192.0.2.1"], client: "192.0.2.1"),
        Case("a client behind two proxies", ["192.0.2.1, 10.0.0.2"], client: "192.0.2.1"),
        Case("what the client made up", ["203.0.113.9, 192.0.2.1"], client: "192.0.2.1"),
        Case("a trusted address that the client made up", ["10.9.9.9, 192.0.2.1"], client: "192.0.2.1"),
        Case("what the client made up before a proxy", ["203.0.113.9, 192.0.2.1, 10.0.0.2"], client: "192.0.2.1"),
        Case("a client that is a proxy itself", ["10.0.0.3, 10.0.0.2"], client: "10.0.0.3"),
        Case("several lines are one", ["203.0.113.9", "192.0.2.1", "10.0.0.2"], client: "192.0.2.1"),
        Case("several lines with several elements", ["1.1.1.1, 192.0.2.1", "10.0.0.3,10.0.0.2"], client: "192.0.2.1"),
        Case("blanks", [" \t192.0.2.1 \t,\t 10.0.0.2  "], client: "192.0.2.1"),
        Case("no blanks", ["192.0.2.1,10.0.0.2"], client: "192.0.2.1"),
        Case("a port", ["192.0.2.1:4711, 10.0.0.2:1"], client: "192.0.2.1"),
        Case("IPv6", ["2001:db8:2::1, 2001:db8:1::1"], client: "2001:db8:2::1"),
        Case("IPv6 in brackets", ["[2001:db8:2::1], [2001:db8:1::1]"], client: "2001:db8:2::1"),
        Case("IPv6 with a port", ["[2001:db8:2::1]:65535"], client: "2001:db8:2::1"),
        Case("IPv6 in capitals", ["2001:DB8:2::A"], client: "2001:db8:2::a"),
        Case("IPv4 in IPv6", ["192.0.2.1, ::ffff:10.0.0.2"], client: "192.0.2.1"),
        Case(
            "the longest address", ["[\(String(repeating: "abcd:", count: 6))255.255.255.255]:65535"],
            client: "abcd:abcd:abcd:abcd:abcd:abcd:ffff:ffff"),
        Case("empty elements", [",192.0.2.1, ,\t,10.0.0.2,", "", " "], client: "192.0.2.1"),
        Case("nothing but empty elements", [",", "", " , "], client: "10.0.0.1"),
        Case("quotes", ["\"192.0.2.1\", \"10.0.0.2\""], client: "192.0.2.1"),
        Case("quotes with a port", ["\"[2001:db8:2::1]:4711\""], client: "2001:db8:2::1"),
        Case("a zone", ["2001:db8:2::1, 2001:db8:1::1%eth0"], client: "2001:db8:2::1"),
        Case("a zone in brackets", ["[fe80::1%25eth0]:80"], client: "fe80::1"),
        Case("a socket file", from: "unix", ["203.0.113.9, 192.0.2.1"], client: "192.0.2.1"),
        Case("a socket file without field", from: "unix", [], client: "unix"),
        Case("a socket file behind a proxy", from: "unix", ["192.0.2.1, 10.0.0.2"], client: "192.0.2.1"),
        Case("a peer that nobody trusts", from: "192.0.2.7", ["192.0.2.1"], client: "192.0.2.7"),
        Case("an IPv6 peer that nobody trusts", from: "2001:db8:2::7", ["192.0.2.1"], client: "2001:db8:2::7"),
    ]

    @Test(arguments: cases)
    func `tell who the client is`(example: Case) throws {
        #expect(Self.client(of: example.peer, example.lines) == example.client)
    }

    @Test(arguments: [
        "unknown", "_hidden", "\"", "\"\"", "\"192.0.2.1", "192.0.2.1\"", "for=192.0.2.1", "192.0.2.1:", "unix:",
        "192.0.2.1:65536", "192.0.2.1:-1",
        "192.0.2.1:80:80", "192.0.2.1 80", "192.0.2", "192.0.2.256", "192.0.2.01", "localhost", "[192.0.2.1]:80",
        "[::1", "::1]", "[::1]x", "[::1]:", "[::1]80", "[::1]:65536", "[[::1]]", "[]", "::1%", "%lo", "192.0.2.1%lo",
        "192.0.2.1\0",
        "\u{FF11}.1.1.1",
        "[" + String(repeating: "abcd:", count: 6) + "255.255.255.255]:000001",
    ])
    func `are not asked further behind what is no address`(element: String) {
        #expect(Self.client(of: "10.0.0.1", [element]) == "10.0.0.1")
        #expect(Self.client(of: "10.0.0.1", ["203.0.113.9, \(element)"]) == "10.0.0.1")
        #expect(Self.client(of: "10.0.0.1", ["203.0.113.9", "\(element), 10.0.0.2"]) == "10.0.0.2")
        #expect(Self.client(of: "10.0.0.1", ["\(element), 192.0.2.1, 10.0.0.2"]) == "192.0.2.1")
    }

    @Test func `are followed so far and no further`() {
        let chain = Array(repeating: "10.0.0.2", count: 31)
        #expect(Self.client(of: "10.0.0.1", [(["192.0.2.1"] + chain).joined(separator: ",")]) == "192.0.2.1")
        #expect(Self.client(of: "10.0.0.1", [(["192.0.2.1"] + chain + chain).joined(separator: ",")]) == "10.0.0.2")
        #expect(Self.client(of: "10.0.0.1", ["192.0.2.1"] + chain) == "192.0.2.1")
        #expect(Self.client(of: "10.0.0.1", ["192.0.2.1", "10.0.0.9"] + chain) == "10.0.0.9")
    }

    @Test func `are none by themselves, but for processes of this host`() {
        let none = TrustedProxies([])
        #expect(
            none.client(behind: .ip(.version4(0x7F00_0001)), forwardedFor: [Array("192.0.2.1".utf8)]).description
                == "127.0.0.1")
        #expect(none.client(behind: .local, forwardedFor: [Array("192.0.2.1".utf8)]).description == "192.0.2.1")
    }

    private static func client(of peer: String, _ lines: [String]) -> String {
        let peer = IPAddress(peer).map(PeerAddress.ip) ?? .local
        return proxies.client(behind: peer, forwardedFor: lines.map { Array($0.utf8) }).description
    }
}

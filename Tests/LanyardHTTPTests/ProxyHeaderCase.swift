// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
import LanyardHTTP
import Testing

/// The first bytes of a connection, in ``ByteNotation``, and what they mean.
struct ProxyHeaderCase: CustomTestStringConvertible, Sendable {
    let name: String
    let text: String
    /// The source that an accepted header tells, `nil` for the real peer.
    var source: PeerAddress?

    var testDescription: String { name }

    var bytes: [UInt8] {
        get throws { try ByteNotation.bytes(of: text) }
    }

    private static func line(_ name: String, _ text: String, _ source: String? = nil) -> Self {
        Self(name: name, text: text, source: source.flatMap { IPAddress($0) }.map(PeerAddress.ip))
    }

    /// A block: the signature, and `text` behind it.
    static func block(_ text: String, _ name: String = "block", _ source: PeerAddress? = nil) -> Self {
        Self(name: name, text: signature + text, source: source)
    }

    private static func ip(_ text: String) -> PeerAddress? { IPAddress(text).map(PeerAddress.ip) }

    private static let signature = #"\r\n\r\n\0\r\nQUIT\n"#
    private static let short = #"\xC0\x00\x02\x01\xC6\x33\x64\x02\xDC\x04\x01\xBB"#
    private static let long =
        #"\x20\x01\x0D\xB8\{\0*11}\x01\x20\x01\x0D\xB8\{\0*11}\x02\xDC\x04\x01\xBB"#

    static let accepted = lines + blocks

    private static let lines = [
        line("the example of §2.1", #"PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n"#, "192.168.0.1"),
        line("the longest TCP4", #"PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n"#, "255.255.255.255"),
        line("the shortest TCP4", #"PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n"#, "0.0.0.0"),
        line("haproxy, TCP6", #"PROXY TCP6 ::1 ::1 38746 19105\r\n"#, "::1"),
        line(
            "the longest TCP6", #"PROXY TCP6 \{ffff:*7}ffff \{FFFF:*7}FFFF 65535 65535\r\n"#,
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        line("leading zeros in a group", #"PROXY TCP6 2001:0db8::00a1 :: 1 1\r\n"#, "2001:db8::a1"),
        line("TCP6 of an IPv4-mapped address", #"PROXY TCP6 ::ffff:192.0.2.1 ::ffff:c633:6402 1 2\r\n"#, "192.0.2.1"),
        line("haproxy, unknown", #"PROXY UNKNOWN\r\n"#),
        line("unknown, then anything", #"PROXY UNKNOWN \0\xFF\t TCP4 1.2.3.4  \r\n"#),
        line("the longest unknown", #"PROXY UNKNOWN \{ffff:*7}ffff \{ffff:*7}ffff 65535 65535\r\n"#),
    ]

    private static let blocks = [
        block(#"\x21\x11\0\x0C"# + short, "TCP over IPv4", ip("192.0.2.1")),
        block(#"\x21\x21\0\x24"# + long, "TCP over IPv6", ip("2001:db8::1")),
        block(#"\x21\x12\0\x0C"# + short, "UDP over IPv4: HTTP/3 before the proxy", ip("192.0.2.1")),
        block(#"\x21\x22\0\x24"# + long, "UDP over IPv6", ip("2001:db8::1")),
        block(
            #"\x21\x21\0\x24\{\0*10}\xFF\xFF\xC0\x00\x02\x01\{\0*20}"#, "an IPv4-mapped address", ip("192.0.2.1")),
        block(#"\x21\x31\0\xD8/run/client.sock\{\0*200}"#, "a socket file", .local),
        block(#"\x21\x32\0\xD8\{\0*216}"#, "datagrams of a socket file", .local),
        block(#"\x21\x00\0\0"#, "unspecified"),
        block(#"\x21\x00\0\x05abcde"#, "unspecified, with bytes that mean nothing"),
        block(#"\x20\x00\0\0"#, "haproxy, local"),
        block(#"\x20\x11\0\x0C"# + short, "local with addresses, which are not the client's"),
        block(#"\x20\xFF\x01\x00\{x*256}"#, "local of no family"),
        block(#"\x21\x11\0\x0F"# + short + #"\x04\0\0"#, "a vector without content", ip("192.0.2.1")),
        block(
            #"\x21\x11\0\x1B"# + short + #"\x01\0\x02h2\xEA\0\x04\0\x01\x02\x03"# + #"\x04\0\0"#, "three vectors",
            ip("192.0.2.1")),
        block(
            #"\x21\x11\0\x0C\x7F\x00\x00\x01\x7F\x00\x00\x01\x9D\x7A\x4A\x9E"#, "haproxy, version 2", ip("127.0.0.1")),
        block(
            #"\x21\x11\0\x13\x7F\0\0\x01\x7F\0\0\x01\xA5\xE8\x4A\x9F\x03\0\x04\xBE\x52\x35\xB7"#,
            "checksum of haproxy", ip("127.0.0.1")),
        block(
            #"\x21\x21\0\x35\{\0*15}\x01\{\0*15}\x01\xA8\x74\x4A\xA0\x03\0\x04\xA8\x83\x75\xCC\x05\0\x0721952-3"#,
            "checksum of haproxy, and a unique id", ip("::1")),
        block(#"\x21\x11\x10\x00"# + short + #"\x04\x0F\xF1\{\0*4081}"#, "the longest block", ip("192.0.2.1")),
    ]

    /// Each of these is wrong by its last byte.
    static let refused = wrongLines + wrongBlocks

    private static let wrongLines = [
        line("a request", "G"),
        line("TLS", #"\x16"#),
        line("lower case", "p"),
        line("a request by a method like the word", "PO"),
        line("two spaces", "PROXY  "),
        line("a tab", #"PROXY\t"#),
        line("an unknown protocol", "PROXY S"),
        line("UDP", "PROXY UD"),
        line("TCP5", "PROXY TCP5"),
        line("a protocol in lower case", "PROXY t"),
        line("a longer word than UNKNOWN", "PROXY UNKNOWNS"),
        line("an empty source", "PROXY TCP4  "),
        line("an octet of 256", "PROXY TCP4 192.256"),
        line("an octet with a leading zero", "PROXY TCP4 192.00"),
        line("five octets", "PROXY TCP4 1.2.3.4."),
        line("three octets", "PROXY TCP4 1.2.3 "),
        line("an empty octet", "PROXY TCP4 1.."),
        line("a number for an address", "PROXY TCP4 2130"),
        line("hexadecimal octets", "PROXY TCP4 0x"),
        line("an IPv6 address in TCP4", "PROXY TCP4 1:"),
        line("an IPv4 address in TCP6", "PROXY TCP6 1."),
        line("nine groups", "PROXY TCP6 1:2:3:4:5:6:7:8:"),
        line("seven groups", "PROXY TCP6 1:2:3:4:5:6:7 "),
        line("five digits in a group", "PROXY TCP6 12345"),
        line("two double colons", "PROXY TCP6 1::2::"),
        line("three colons", "PROXY TCP6 :::"),
        line("a double colon for nothing", "PROXY TCP6 1::2:3:4:5:6:7:"),
        line("a zone", "PROXY TCP6 fe80::1%"),
        line("a bracket", "PROXY TCP6 ["),
        line("dotted decimal too early", "PROXY TCP6 1:2:3:4:5:6:7:1."),
        line("a name", "PROXY TCP4 l"),
        line("a NUL", #"PROXY TCP4 1.2.3.4\0"#),
        line("a byte that is not ASCII", #"PROXY TCP4 1.2.3.\xC2"#),
        line("no destination", #"PROXY TCP4 1.2.3.4\r"#),
        line("a destination of the other family", "PROXY TCP4 1.2.3.4 5:"),
        line("no ports", #"PROXY TCP4 1.2.3.4 5.6.7.8\r"#),
        line("one port", #"PROXY TCP4 1.2.3.4 5.6.7.8 1\r"#),
        line("an empty port", "PROXY TCP4 1.2.3.4 5.6.7.8  "),
        line("a port of 65536", "PROXY TCP4 1.2.3.4 5.6.7.8 65536"),
        line("a port of six digits", "PROXY TCP4 1.2.3.4 5.6.7.8 100000"),
        line("a port with a leading zero", "PROXY TCP4 1.2.3.4 5.6.7.8 00"),
        line("a port with a sign", "PROXY TCP4 1.2.3.4 5.6.7.8 +"),
        line("a port in hexadecimal", "PROXY TCP4 1.2.3.4 5.6.7.8 1a"),
        line("a third port", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 "),
        line("a bare LF", #"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n"#),
        line("a bare CR", #"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\rG"#),
        line("two CR", #"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\r"#),
        line("a line of 108 bytes", #"PROXY UNKNOWN \{x*93}"#),
        line("unknown and a bare LF", #"PROXY UNKNOWN\n"#),
        line("unknown and a bare CR", #"PROXY UNKNOWN\rG"#),
        line("unknown, more, and a bare LF", #"PROXY UNKNOWN a\n"#),
        line("unknown, more, and a bare CR", #"PROXY UNKNOWN a\r "#),
    ]

    private static let wrongBlocks = [
        line("an empty line before a request", #"\r\nG"#),
        line("a damaged signature", #"\r\n\r\n\0\r\nQUIT\r"#),
        line("a signature without its NUL", #"\r\n\r\n\r"#),
        block(#"\x11"#, "version 1 in a block"),
        block(#"\x31"#, "version 3"),
        block(#"\x22"#, "an unassigned command"),
        block(#"\x2F"#, "the last command"),
        block(#"\x21\x01"#, "a stream of no family"),
        block(#"\x21\x10"#, "IPv4 over nothing"),
        block(#"\x21\x13"#, "IPv4 over a third transport"),
        block(#"\x21\x41"#, "a fourth family"),
        block(#"\x21\xFF"#, "the last family"),
        block(#"\x21\x11\0\x0B"#, "too short for IPv4"),
        block(#"\x21\x21\0\x23"#, "too short for IPv6"),
        block(#"\x21\x31\0\xD7"#, "too short for a socket file"),
        block(#"\x21\x11\x10\x01"#, "too long"),
        block(#"\x20\x00\xFF\xFF"#, "local and too long"),
        block(#"\x21\x11\0\x0D"# + short + #"\x04"#, "a vector of one byte"),
        block(#"\x21\x11\0\x0E"# + short + #"\x04\0"#, "a vector of two bytes"),
        block(#"\x21\x11\0\x0F"# + short + #"\x04\0\x01"#, "a vector longer than the block"),
        block(#"\x21\x11\0\x12"# + short + #"\x03\0\x03\0\0\0"#, "a checksum of three bytes"),
        block(#"\x21\x11\0\x14"# + short + #"\x03\0\x05\0\0\0\0\0"#, "a checksum of five bytes"),
        block(#"\x21\x11\0\x13"# + short + #"\x03\0\x04\0\0\0\0"#, "a wrong checksum"),
        block(
            #"\x21\x11\0\x1A"# + short + #"\x03\0\x04\0\0\0\0\x03\0\x04\x2A\x68\xED\xAF"#,
            "two checksums, the second one right"),
    ]
}

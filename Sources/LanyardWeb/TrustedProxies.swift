// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardHTTP

/// The proxies that stand before the service, whose word about the client is believed.
package struct TrustedProxies: Sendable {
    private let blocks: [AddressBlock]

    /// Creates the set of the proxies with an address in one of `blocks`.
    package init(_ blocks: [AddressBlock]) {
        self.blocks = blocks
    }

    /// Returns whether `peer` is a proxy whose word counts.
    ///
    /// A process that connects to a socket file is: whoever set the mode of the file and its folder let it in.
    package func contains(_ peer: PeerAddress) -> Bool {
        switch peer {
        case .local: true
        case .ip(let address): blocks.contains { $0.contains(address) }
        }
    }

    /// Returns who asks: the peer, or whom trusted proxies name.
    ///
    /// Behind a PROXY header the bytes are the client's own, and so is every field in them.
    package func client(of request: Request) -> PeerAddress {
        client(of: request.head, from: request.context.peer, isAnnounced: request.context.isAnnounced)
    }

    /// Returns the client of a request that `peer` has sent; `head` is `nil` if it was not read.
    package func client(of head: RequestHead?, from peer: PeerAddress, isAnnounced: Bool) -> PeerAddress {
        guard let head, !isAnnounced else { return peer }
        return client(behind: peer, forwardedFor: head.values(of: Self.field))
    }

    /// Returns whether the request names a client, and nobody believes it.
    package func doubts(_ request: Request) -> Bool {
        !request.context.isAnnounced && !contains(request.context.peer)
            && request.head.fields.contains { $0.name == Self.field }
    }

    /// Returns whether a trusted proxy names a client in a way that is no address.
    package func cannotRead(_ request: Request) -> Bool {
        let lines = request.head.values(of: Self.field)
        return !request.context.isAnnounced && !lines.isEmpty && walk(from: request.context.peer, lines).meetsUnreadable
    }

    /// Returns whom the trusted proxies between `peer` and the client name as the client.
    ///
    /// Each proxy adds at the right whom it talks to, so what is right of the first address that is not trusted comes from
    /// trusted proxies, and what is left of it may be anybody's. An element that is no address (`unknown`) ends the walk as well: it
    /// hides whom the proxy talked to, and what is left of it that one may have made up. Then the client is the last proxy that is
    /// known, which errs on the side of one address for many clients. Empty elements are none (RFC 9110 §5.6.1).
    ///
    /// - Parameters:
    ///   - peer: The other end of the connection.
    ///   - lines: The values of all field lines `X-Forwarded-For`, in their order.
    /// - Returns: The client, or the last proxy on the way to it that can be told.
    package func client(behind peer: PeerAddress, forwardedFor lines: [[UInt8]]) -> PeerAddress {
        walk(from: peer, lines).client
    }

    private func walk(from peer: PeerAddress, _ lines: [[UInt8]]) -> (client: PeerAddress, meetsUnreadable: Bool) {
        var client = peer
        var hops = 0
        for element in lines.reversed().lazy.flatMap({ $0.split(separator: UInt8(ascii: ",")).reversed() })
        where !element.allSatisfy(isBlank) {
            guard contains(client), hops < Self.maximumHops else { return (client, false) }
            guard let address = IPAddress(forwarded: element) else { return (client, true) }
            client = .ip(address)
            hops += 1
        }
        return (client, false)
    }

    private static let field = "x-forwarded-for"

    /// The most proxies of one request: more than anybody has, and few enough to be looked at for nothing.
    private static let maximumHops = 32
}

extension IPAddress {
    /// Creates the address in an element of `X-Forwarded-For`: with or without quotes, port and zone, IPv6 with or without brackets.
    ///
    /// No standard says what an element is. These are the forms that proxies write.
    fileprivate init?(forwarded element: ArraySlice<UInt8>) {
        var text = element.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        guard text.count <= Self.maximumForwardedBytes else { return nil }
        if text.count > 1, text.first == UInt8(ascii: "\""), text.last == UInt8(ascii: "\"") {
            text = text.dropFirst().dropLast()
        }
        let colons = text.count { $0 == UInt8(ascii: ":") }
        if text.first == UInt8(ascii: "[") {
            guard let end = text.firstIndex(of: UInt8(ascii: "]")), colons > 1 else { return nil }
            let port = text[(end + 1)...]
            guard port.isEmpty || isPort(port) else { return nil }
            text = text[..<end].dropFirst()
        } else if colons == 1, let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            guard isPort(text[colon...]) else { return nil }
            text = text[..<colon]
        }
        // A zone names an interface of the proxy, and says nothing here (RFC 4007 §11).
        if colons > 1, let zone = text.firstIndex(of: UInt8(ascii: "%")), zone + 1 < text.endIndex {
            text = text[..<zone]
        }
        self.init(String(decoding: text, as: UTF8.self))
    }

    /// An IPv6 address that ends in dotted decimal, with a zone, in brackets and quotes, and a port.
    private static let maximumForwardedBytes = 72
}

/// Whether `text` is a colon and a number that a port can have.
private func isPort(_ text: ArraySlice<UInt8>) -> Bool {
    let digits = text.dropFirst()
    return text.first == UInt8(ascii: ":") && digits.count <= 5 && digits.allSatisfy { (0x30...0x39).contains($0) }
        && UInt16(String(decoding: digits, as: UTF8.self)) != nil
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

// SPDX-License-Identifier: Apache-2.0

import CLibssl
import LanyardHTTP
import TestSupport
import Testing

@Suite struct `TLS as it is spoken` {
    typealias Abilities = TLSTestPeer.Abilities

    private static let curve = `A TLS session`.context
    private static let rsa = `A TLS session`.rsaContext

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let change: @Sendable (inout Abilities) -> Void
        var testDescription: String { name }

        var abilities: Abilities {
            var abilities = Abilities()
            change(&abilities)
            return abilities
        }
    }

    /// What no client gets, and the alert that it gets instead.
    static let refusals: [(Case, String)] = [
        (
            Case(name: "TLS 1.0") {
                $0.lowest = TLS1_VERSION
                $0.highest = TLS1_VERSION
            }, "tlsv1 alert protocol version"
        ),
        (
            Case(name: "TLS 1.1") {
                $0.lowest = TLS1_VERSION
                $0.highest = TLS1_1_VERSION
            }, "tlsv1 alert protocol version"
        ),
        (Case(name: "CBC") { $0.only12("ECDHE+AES+SHA1:ECDHE+AES+SHA256:ECDHE+AES+SHA384") }, failure),
        (Case(name: "CCM") { $0.only12("ECDHE+AESCCM") }, failure),
        (Case(name: "RSA key exchange") { $0.only12("kRSA") }, failure),
        (Case(name: "finite field") { $0.only12("DHE") }, failure),
        (Case(name: "anonymous") { $0.only12("aNULL:@SECLEVEL=0") }, failure),
        (Case(name: "no encryption") { $0.only12("eNULL:@SECLEVEL=0") }, failure),
        (Case(name: "pre-shared key suites") { $0.only12("ECDHE-ECDSA-AES128-SHA256:PSK") }, failure),
        (Case(name: "TLS 1.3 with CCM alone") { $0.only13("TLS_AES_128_CCM_SHA256") }, failure),
        (Case(name: "P-521 alone") { $0.groups = "P-521" }, failure),
        (Case(name: "finite field groups alone") { $0.groups = "ffdhe2048" }, failure),
        (
            Case(name: "no protocol in common") { $0.protocols = Array("\u{2}h2\u{8}http/1.0".utf8) },
            "tlsv1 alert no application protocol"
        ),
    ]

    private static let failure = "sslv3 alert handshake failure"

    @Test(arguments: refusals)
    func `is refused to a client with nothing better`(refused: Case, alert: String) {
        for context in [Self.curve, Self.rsa] {
            let conversation = TLSConversation(context, refused.abilities)
            conversation.run()
            #expect(conversation.session.progress == .failed)
            #expect(conversation.peer.failure == alert)
            #expect(conversation.session.failure != nil)
            #expect(conversation.session.failure != .plainHTTP)
            #expect(!conversation.answer([1]))
        }
    }

    struct Choice: CustomTestStringConvertible, Sendable {
        let offer: String, chosen: String
        var testDescription: String { offer }
    }

    static let choices = [
        Choice(offer: "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256", chosen: "ECDHE-RSA-AES128-GCM-SHA256"),
        Choice(
            offer: "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305", chosen: "ECDHE-RSA-AES128-GCM-SHA256"),
        Choice(
            offer: "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256", chosen: "ECDHE-RSA-CHACHA20-POLY1305"),
        Choice(offer: "AES128-SHA:ECDHE-RSA-AES256-GCM-SHA384", chosen: "ECDHE-RSA-AES256-GCM-SHA384"),
    ]

    @Test(arguments: choices)
    func `chooses the server's favourite, and ChaCha20 for a client that favours it`(choice: Choice) {
        var abilities = Abilities()
        abilities.only12(choice.offer)
        let conversation = TLSConversation(Self.rsa, abilities)
        conversation.run()
        #expect(conversation.peer.suite == choice.chosen)
        #expect(conversation.peer.version == "TLSv1.2")
    }

    @Test func `is 1.3 with a client that can`() {
        let conversation = TLSConversation(Self.curve)
        conversation.run()
        #expect(conversation.peer.version == "TLSv1.3")
        #expect(conversation.peer.suite == "TLS_AES_128_GCM_SHA256")
    }

    @Test(arguments: ["X25519", "P-256", "P-384", "P-521:X25519"])
    func `takes every good group, asking again where the client guessed another`(groups: String) {
        for version in [TLS1_2_VERSION, TLS1_3_VERSION] {
            var abilities = Abilities()
            abilities.groups = groups
            abilities.highest = version
            // In TLS 1.2 the groups are also the curves that a client takes in certificates.
            let conversation = TLSConversation(Self.rsa, abilities)
            conversation.run(pieceBytes: 100)
            #expect(conversation.session.isEstablished)
            #expect(conversation.peer.isEstablished)
        }
    }

    @Test(arguments: [
        (Array("\u{8}http/1.1".utf8), "http/1.1"), (Array("\u{2}h2\u{8}http/1.1".utf8), "http/1.1"), ([], ""),
    ])
    func `is HTTP 1.1 for a client that names it, and for one that names nothing`(offer: [UInt8], chosen: String) {
        var abilities = Abilities()
        abilities.protocols = offer
        let conversation = TLSConversation(Self.curve, abilities)
        conversation.run()
        #expect(conversation.session.isEstablished)
        #expect(conversation.peer.chosenProtocol == chosen)
    }

    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func `is resumed with a ticket of the same context only`(version: Int32) throws {
        var abilities = Abilities()
        abilities.highest = version
        let first = TLSConversation(Self.curve, abilities)
        first.run()
        // In TLS 1.3 the ticket comes after the handshake.
        #expect(first.answer([1]))
        #expect(!first.peer.wasResumed)
        // libssl resumes no session that was cut off.
        first.peer.close()
        let ticket = try #require(first.peer.ticket())
        abilities.resumed = ticket
        let second = TLSConversation(Self.curve, abilities)
        second.run()
        #expect(second.session.isEstablished)
        #expect(second.peer.wasResumed)
        let third = TLSConversation(try TLSServerContext(TestCertificate()), abilities)
        third.run()
        #expect(third.session.isEstablished)
        #expect(!third.peer.wasResumed)
    }
}

extension TLSTestPeer.Abilities {
    fileprivate mutating func only12(_ suites: String) {
        suites12 = suites.contains("@") ? suites : suites + ":@SECLEVEL=0"
        highest = TLS1_2_VERSION
    }

    fileprivate mutating func only13(_ suites: String) {
        suites13 = suites
        lowest = TLS1_3_VERSION
    }
}

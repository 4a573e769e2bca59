// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardHTTP
import TestSupport
import Testing

@Suite struct `A certificate and its key` {
    typealias Content = TestCertificate.Content

    struct Refusal: CustomTestStringConvertible, Sendable {
        let name: String, certificate: [UInt8], key: [UInt8], error: TLSConfigurationError
        var testDescription: String { name }
    }

    static let good = TestCertificate()
    static let other = TestCertificate()
    static let rsa = TestCertificate(.rsa(bits: 2_048))

    static let refusals: [Refusal] = {
        let small = TestCertificate(.rsa(bits: 1_024))
        let curve = TestCertificate(.curve("P-224"))
        let foreign = TestCertificate(.curve("secp256k1"))
        var content = Content()
        content.usesSHA1 = true
        content.name = "old"
        let old = TestCertificate(.rsa(bits: 2_048), content, issuer: rsa)
        let text = Array("not a PEM block\n".utf8)
        return [
            Refusal(name: "empty certificate", certificate: [], key: good.keyPEM, error: .noCertificate),
            Refusal(name: "no certificate", certificate: text, key: good.keyPEM, error: .noCertificate),
            Refusal(name: "a key for a certificate", certificate: good.keyPEM, key: good.keyPEM, error: .noCertificate),
            Refusal(
                name: "certificate cut off", certificate: Array(good.pem.dropLast(40)), key: good.keyPEM,
                error: .malformedCertificate),
            Refusal(
                name: "second certificate cut off", certificate: good.pem + other.pem.dropLast(40), key: good.keyPEM,
                error: .malformedCertificate),
            Refusal(
                name: "certificate is no certificate",
                certificate: Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8),
                key: good.keyPEM, error: .malformedCertificate),
            Refusal(
                name: "SHA-1", certificate: old.pem, key: old.keyPEM, error: .weakCertificate),
            Refusal(
                name: "SHA-1 further up", certificate: rsa.pem + old.pem, key: rsa.keyPEM, error: .weakCertificate),
            Refusal(name: "empty key", certificate: good.pem, key: [], error: .noKey),
            Refusal(name: "a certificate for a key", certificate: good.pem, key: good.pem, error: .noKey),
            Refusal(
                name: "key cut off", certificate: good.pem, key: Array(good.keyPEM.dropLast(40)), error: .malformedKey),
            Refusal(name: "encrypted", certificate: good.pem, key: good.encryptedKeyPEM, error: .encryptedKey),
            Refusal(name: "RSA 1024", certificate: small.pem, key: small.keyPEM, error: .weakKey(bits: 1_024)),
            Refusal(name: "P-224", certificate: curve.pem, key: curve.keyPEM, error: .weakKey(bits: 224)),
            Refusal(name: "secp256k1", certificate: foreign.pem, key: foreign.keyPEM, error: .unsupportedKey),
            Refusal(name: "another key", certificate: good.pem, key: other.keyPEM, error: .keyMismatch),
            Refusal(name: "a key of another kind", certificate: good.pem, key: rsa.keyPEM, error: .keyMismatch),
            Refusal(
                name: "chain in the wrong order", certificate: other.pem + good.pem, key: good.keyPEM,
                error: .keyMismatch),
        ]
    }()

    @Test(arguments: refusals)
    func `are refused for the reason they are wrong`(refusal: Refusal) {
        #expect(throws: refusal.error) {
            try TLSServerContext(certificatePEM: refusal.certificate, keyPEM: refusal.key)
        }
    }

    @Test(arguments: [
        TestCertificate.Key.rsa(bits: 2_048), .rsa(bits: 3_072), .curve("P-256"), .curve("P-384"), .curve("P-521"),
        .ed25519,
    ])
    func `are taken when they are strong enough`(key: TestCertificate.Key) throws {
        let certificate = TestCertificate(key)
        let conversation = TLSConversation(try TLSServerContext(certificate))
        conversation.run()
        #expect(conversation.session.isEstablished)
        #expect(conversation.peer.failure == nil)
    }

    @Test func `can be in one file, with other blocks between`() throws {
        let both = Self.good.traditionalKeyPEM + Array("a remark\n".utf8) + Self.good.pem
        _ = try TLSServerContext(certificatePEM: both, keyPEM: both)
        let parameters = Array("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n".utf8)
        _ = try TLSServerContext(certificatePEM: Self.good.pem, keyPEM: parameters + Self.good.traditionalKeyPEM)
    }

    @Test func `say when they are valid, and are served whether or not they are`() throws {
        var content = Content()
        content.validity = -7_200 ... -3_600
        let context = try TLSServerContext(TestCertificate(.curve("P-256"), content))
        #expect(context.notAfter.since(context.notBefore) == .seconds(3_600))
        let conversation = TLSConversation(context)
        conversation.run()
        #expect(conversation.session.isEstablished)
    }
}

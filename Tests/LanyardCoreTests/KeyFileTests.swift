// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import LanyardBase
import LanyardCore
import LanyardCrypto
import LanyardVerifier
import Testing

@Suite(.enabled(if: OpenSSL.isThere, "openssl is installed")) struct `A key file in PEM` {
    static let rsa = "genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048"
    static let ec = "genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256"
    static let ed25519 = "genpkey -quiet -algorithm ED25519"

    static func read(_ file: [UInt8], preferring algorithm: SigningAlgorithm = .rs256) throws -> PrivateKey {
        try KeyFile.read(Secret(file), preferring: algorithm)
    }

    struct Form: CustomTestStringConvertible, Sendable {
        let name: String
        /// How the key is made, and what then makes the form of it.
        let commands: [String]
        let algorithm: SigningAlgorithm
        var publicHalf = "pkey -pubout -outform DER"
        var testDescription: String { name }

        var file: [UInt8] {
            get throws { try commands.reduce([]) { input, command in try OpenSSL.run(command, input: input) } }
        }
    }

    static let forms = [
        Form(name: "RSA, PKCS#8", commands: [rsa], algorithm: .rs256),
        Form(name: "RSA, PKCS#1", commands: [rsa, "pkey -traditional"], algorithm: .rs256),
        Form(
            name: "RSA, 3072 bits", commands: ["genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:3072"],
            algorithm: .rs256),
        Form(name: "P-256, PKCS#8", commands: [ec], algorithm: .es256),
        Form(name: "P-256, SEC 1", commands: [ec, "pkey -traditional"], algorithm: .es256),
        Form(name: "P-256, with parameters in front", commands: ["ecparam -name P-256 -genkey"], algorithm: .es256),
        Form(
            name: "P-256, compressed", commands: [ec, "ec -conv_form compressed"],
            algorithm: .es256, publicHalf: "ec -pubout -conv_form uncompressed -outform DER"),
        Form(name: "P-256, without its point", commands: [ec, "ec -no_public"], algorithm: .es256),
        Form(name: "Ed25519, PKCS#8", commands: [ed25519], algorithm: .edDSA),
    ]

    @Test(arguments: forms)
    func `gives the key that openssl made`(form: Form) throws {
        let file = try form.file
        let key = try Self.read(file)
        #expect(key.algorithm == form.algorithm)
        #expect(try key.publicKey.subjectPublicKeyInfo == OpenSSL.run(form.publicHalf, input: file))
        #expect(try JSONWebKey(key.publicKey).id?.utf8.count == 43)
        // What the store keeps of it gives the same key.
        let kept = try PrivateKey(pkcs8: key.pkcs8, algorithm: key.algorithm)
        let message = Array("the message".utf8)
        #expect(try key.publicKey.isValidSignature(kept.sign(message), for: message))
    }

    @Test func `of RSA is used with what is preferred, if that fits`() throws {
        let file = try OpenSSL.run(Self.rsa)
        #expect(try Self.read(file, preferring: .ps256).algorithm == .ps256)
        #expect(try Self.read(file, preferring: .es256).algorithm == .rs256)
        #expect(try Self.read(file, preferring: .edDSA).algorithm == .rs256)
        #expect(try Self.read(OpenSSL.run(Self.ec), preferring: .ps256).algorithm == .es256)
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        let name: String, commands: [String], error: KeyFileError
        var testDescription: String { name }
        var file: [UInt8] {
            get throws { try Form(name: name, commands: commands, algorithm: .rs256).file }
        }
    }

    static let refusals = [
        Refusal(
            name: "encrypted, PKCS#8", commands: [rsa, "pkcs8 -topk8 -v2 aes256 -passout pass:secret"],
            error: .encrypted),
        Refusal(
            name: "encrypted, PKCS#1", commands: [rsa, "rsa -aes256 -traditional -passout pass:secret"],
            error: .encrypted),
        Refusal(name: "encrypted, SEC 1", commands: [ec, "ec -aes256 -passout pass:secret"], error: .encrypted),
        Refusal(
            name: "1024 bits", commands: ["genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:1024"],
            error: .weak(bits: 1_024)),
        Refusal(
            name: "2047 bits", commands: ["genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2047"],
            error: .weak(bits: 2_047)),
        Refusal(
            name: "exponent 3",
            commands: ["genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3"],
            error: .weakExponent),
        Refusal(
            name: "three primes",
            commands: ["genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_primes:3"],
            error: .unsupported),
        Refusal(
            name: "RSA for PSS only",
            commands: ["genpkey -quiet -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048"], error: .unsupported),
        Refusal(
            name: "P-384", commands: ["genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-384"],
            error: .unsupported),
        Refusal(name: "P-384, SEC 1", commands: ["ecparam -name P-384 -genkey -noout"], error: .unsupported),
        Refusal(name: "secp256k1", commands: ["ecparam -name secp256k1 -genkey -noout"], error: .unsupported),
        Refusal(
            name: "P-256 written out in numbers",
            commands: [
                "genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit"
            ], error: .unsupported),
        Refusal(name: "Ed448", commands: ["genpkey -quiet -algorithm ED448"], error: .unsupported),
        Refusal(name: "X25519", commands: ["genpkey -quiet -algorithm X25519"], error: .unsupported),
        Refusal(name: "RSA, public half", commands: [rsa, "pkey -pubout"], error: .publicOnly),
        Refusal(name: "RSA, public half, PKCS#1", commands: [rsa, "rsa -RSAPublicKey_out"], error: .publicOnly),
        Refusal(name: "parameters only", commands: ["ecparam -name P-256"], error: .noKey),
        Refusal(name: "DER", commands: [rsa, "pkey -outform DER"], error: .noKey),
    ]

    @Test(arguments: refusals)
    func `is refused for the reason that makes it useless`(refusal: Refusal) throws {
        let file = try refusal.file
        #expect(throws: refusal.error) { try Self.read(file) }
    }

    @Test func `may hold certificates and text beside the one key`() throws {
        let key = try OpenSSL.run(Self.ec)
        let certificate = Self.block("CERTIFICATE", [0x30, 0x00])
        #expect(try Self.read(certificate + Array("Bag Attributes\n".utf8) + key + certificate).algorithm == .es256)
        let lines = String(decoding: key, as: UTF8.self).replacing("\n", with: "\r\n")
        #expect(try Self.read(Array(lines.utf8)).publicKey.pem == Self.read(key).publicKey.pem)
        #expect(throws: KeyFileError.publicOnly) { try Self.read(certificate) }
        #expect(throws: KeyFileError.severalKeys) { try Self.read(key + OpenSSL.run(Self.ed25519)) }
        #expect(throws: KeyFileError.severalKeys) { try Self.read(key + key) }
    }

    @Test func `is refused if it is cut off, changed or of no known form`() throws {
        let file = try OpenSSL.run(Self.ec)
        for count in stride(from: 30, to: file.count - 2, by: 20) {
            #expect(throws: KeyFileError.damaged) { try Self.read(Array(file.prefix(count))) }
        }
        let der = try OpenSSL.run("pkcs8 -topk8 -nocrypt -outform DER", input: file)
        #expect(try Self.read(Self.block("PRIVATE KEY", der)).algorithm == .es256)
        for changed in [der + [0], der.dropLast(), [], [0x30, 0x00]] as [[UInt8]] {
            #expect(throws: KeyFileError.damaged) { try Self.read(Self.block("PRIVATE KEY", changed)) }
        }
        #expect(throws: KeyFileError.unsupported) { try Self.read(Self.block("OPENSSH PRIVATE KEY", der)) }
        #expect(throws: KeyFileError.unsupported) { try Self.read(Self.block("DSA PRIVATE KEY", der)) }
        #expect(throws: KeyFileError.damaged) { try Self.read(Self.block("RSA PRIVATE KEY", der)) }
        // Of a type that libcrypto may not know: ML-DSA-44 (RFC 9881 §2).
        let newer: [UInt8] = [
            0x30, 0x13, 0x02, 0x01, 0x00, 0x30, 0x0B, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11,
            0x04, 0x01, 0x00,
        ]
        #expect(throws: KeyFileError.unsupported) { try Self.read(Self.block("PRIVATE KEY", newer)) }
        #expect(throws: KeyFileError.noKey) { try Self.read([]) }
        #expect(throws: KeyFileError.noKey) { try Self.read(Array("\n  \n".utf8)) }
        #expect(throws: KeyFileError.noKey) { try Self.read(Array("not a key\n".utf8)) }
        #expect(throws: KeyFileError.noKey) { try Self.read([UInt8](repeating: 0, count: 100)) }
        #expect(throws: KeyFileError.tooLarge(limitBytes: 65_536)) {
            try Self.read([UInt8](repeating: 0x0A, count: 65_537))
        }
    }

    /// One bit at a time in the last bytes of each number: none of them leaves a key that works.
    @Test func `is refused if one of its numbers was changed`() throws {
        let der = try OpenSSL.run("pkcs8 -topk8 -nocrypt -outform DER", input: OpenSSL.run(Self.rsa))
        #expect(try Self.read(Self.block("PRIVATE KEY", der)).algorithm == .rs256)
        // From the end: qi, dq, dp, q, p of 128 bytes each, d and n of 256, with their heads between.
        for distance in [3, 135, 266, 397, 529, 661, 930] {
            var changed = der
            changed[der.count - distance] ^= 0x02
            #expect(throws: KeyFileError.damaged, "byte \(distance) from the end") {
                try Self.read(Self.block("PRIVATE KEY", changed))
            }
        }
    }

    static func block(_ label: String, _ der: [UInt8]) -> [UInt8] {
        var lines = ["-----BEGIN \(label)-----"]
        let text = Array(Data(der).base64EncodedString())
        for start in stride(from: 0, to: text.count, by: 64) {
            lines.append(String(text[start..<min(start + 64, text.count)]))
        }
        return Array((lines + ["-----END \(label)-----", ""]).joined(separator: "\n").utf8)
    }
}

@Suite(.enabled(if: OpenSSL.isThere, "openssl is installed")) struct `An exported key` {
    @Test(arguments: SigningAlgorithm.allCases)
    func `is read by openssl`(algorithm: SigningAlgorithm) throws {
        let key = try PrivateKey.generate(algorithm, rsaBits: 2_048).publicKey
        let pem = try key.pem
        let lines = pem.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.first == "-----BEGIN PUBLIC KEY-----" && lines.suffix(2) == ["-----END PUBLIC KEY-----", ""])
        #expect(lines.dropFirst().dropLast(3).allSatisfy { $0.utf8.count == 64 })
        let read = try OpenSSL.run("pkey -pubin -outform DER -pubout", input: Array(pem.utf8))
        #expect(try read == key.subjectPublicKeyInfo)
    }
}

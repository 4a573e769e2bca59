// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Keys that the openssl command line makes, and what else is made of them.
struct KeyFiles {
    static let hasOpenSSL = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

    let folder: TemporaryFolder

    /// Runs openssl to its end and returns what it writes, with both channels.
    @discardableResult
    func openssl(_ arguments: String, mayFail: Bool = false) throws -> String {
        let output = try Lanyard.run(
            ChildProcess.Invocation(
                executable: "/usr/bin/openssl", arguments: arguments.split(separator: " ").map(String.init),
                environment: Lanyard.environment, folder: folder.path))
        guard output.ending == .exit(0) || mayFail else { throw Failure("\(arguments): \(output.standardError)") }
        return output.standardOutput + output.standardError
    }

    /// Makes a private key in a file that only the owner can read.
    func make(_ kind: Kind, _ name: String) throws {
        try openssl("genpkey \(kind.options) -out \(name)")
        try folder.setMode(of: name, to: 0o600)
    }

    /// Which key is made.
    enum Kind: String, Sendable {
        case rsa, rsa1024, p256, p384, ed25519

        fileprivate var options: String {
            switch self {
            case .rsa: "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"
            case .rsa1024: "-algorithm RSA -pkeyopt rsa_keygen_bits:1024"
            case .p256: "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"
            case .p384: "-algorithm EC -pkeyopt ec_paramgen_curve:P-384"
            case .ed25519: "-algorithm ED25519"
            }
        }
    }

    /// Returns the members of the JWK of a key, private ones too, in the order of their names.
    func members(_ kind: Kind, of name: String) throws -> [(name: String, value: String)] {
        let all: [(String, String)]
        switch kind {
        case .rsa, .rsa1024:
            try openssl("rsa -in \(name) -traditional -outform DER -out \(name).der")
            let numbers = try Self.integers(try folder.bytes(of: name + ".der")).map(Self.encode)
            // RFC 8017 §A.1.2, after the version.
            all = [("kty", "RSA")] + zip(["n", "e", "d", "p", "q", "dp", "dq", "qi"], numbers.dropFirst())
        case .p256, .p384:
            try openssl("pkcs8 -topk8 -nocrypt -in \(name) -outform DER -out \(name).der")
            // RFC 5915 §3 in PKCS#8: the private number is at 36, the point is what is last.
            let bytes = try folder.bytes(of: name + ".der")
            let point = Array(bytes.suffix(64))
            all = [
                ("kty", "EC"), ("crv", "P-256"), ("x", Self.encode(Array(point.prefix(32)))),
                ("y", Self.encode(Array(point.suffix(32)))), ("d", Self.encode(Array(bytes[36..<68]))),
            ]
        case .ed25519:
            try openssl("pkcs8 -topk8 -nocrypt -in \(name) -outform DER -out \(name).der")
            try openssl("pkey -in \(name) -pubout -outform DER -out \(name).pub")
            all = [
                ("kty", "OKP"), ("crv", "Ed25519"), ("x", Self.encode(try folder.bytes(of: name + ".pub").suffix(32))),
                ("d", Self.encode(try folder.bytes(of: name + ".der").suffix(32))),
            ]
        }
        return all.sorted { $0.0 < $1.0 }.map { (name: $0.0, value: $0.1) }
    }

    /// Returns the members as a JSON object.
    static func json(_ members: [(name: String, value: String)]) -> String {
        "{" + members.map { "\"\($0.name)\":\"\($0.value)\"" }.joined(separator: ",") + "}"
    }

    /// Returns the thumbprint of a key (RFC 7638 §3): its required members, in the order of their names.
    func thumbprint(_ members: [(name: String, value: String)]) throws -> String {
        let required: Set = ["kty", "crv", "x", "y", "n", "e"]
        try folder.write("thumb.json", Self.json(members.filter { required.contains($0.name) }))
        try openssl("dgst -sha256 -binary -out thumb.bin thumb.json")
        return Self.encode(try folder.bytes(of: "thumb.bin"))
    }

    static func encode(_ bytes: some Collection<UInt8>) -> String {
        Data(bytes).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Reads a DER SEQUENCE of INTEGERs, without the zero in front of those whose first bit is set.
    private static func integers(_ der: [UInt8]) throws -> [[UInt8]] {
        var rest = der[...]
        func length() throws -> Int {
            guard let first = rest.popFirst() else { throw Failure("the DER is cut off") }
            guard first & 0x80 != 0 else { return Int(first) }
            let count = Int(first & 0x7F)
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
        }
        guard rest.popFirst() == 0x30 else { throw Failure("no SEQUENCE") }
        _ = try length()
        var integers: [[UInt8]] = []
        while let tag = rest.popFirst() {
            guard tag == 0x02 else { throw Failure("no INTEGER") }
            let count = try length()
            integers.append(Array(rest.prefix(count).drop { $0 == 0 }))
            rest = rest.dropFirst(count)
        }
        return integers
    }

    /// Makes an Ed25519 key whose thumbprint begins with a dash, which one in 64 does; returns that.
    func makeWithDash(_ name: String) throws -> String {
        let script = """
            while :; do
                openssl genpkey -algorithm ed25519 -out "$1"
                x=$(openssl pkey -in "$1" -pubout -outform DER | tail -c 32 | basenc --base64url -w 0 | tr -d =)
                kid=$(printf '{"crv":"Ed25519","kty":"OKP","x":"%s"}' "$x" | openssl dgst -sha256 -binary |
                    basenc --base64url -w 0 | tr -d =)
                case $kid in -*) break ;; esac
            done
            chmod 600 "$1"
            printf %s "$kid"
            """
        let output = try Lanyard.run(
            ChildProcess.Invocation(
                executable: "/usr/bin/timeout", arguments: ["50", "/usr/bin/bash", "-euc", script, "bash", name],
                environment: Lanyard.environment, folder: folder.path))
        guard output.ending == .exit(0) else { throw Failure("no such key: \(output.standardError)") }
        return output.standardOutput
    }
}

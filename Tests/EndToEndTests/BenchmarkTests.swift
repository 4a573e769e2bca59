// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The scripts in `Benchmarks` still run; what they measure is nothing to assert on.
@Suite struct `The benchmarks` {
    static let hasTools = [
        "/usr/bin/python3", "/usr/bin/openssl", "/usr/bin/wrk", "/usr/sbin/nginx", "/usr/bin/setpriv",
    ]
    .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

    @Test(.enabled(if: hasTools, "python3, openssl, wrk and nginx are installed"))
    func `of the HTTP server say how it stands beside nginx`() throws {
        let (results, text) = try Self.run("http_server.py", of: Lanyard.binary, Results.self)
        #expect(results.cases.map(\.name) == ["close", "pipelined", "tls-close"])
        for measured in results.cases {
            let servers = measured.servers.values
            #expect(Set(measured.servers.keys) == ["lanyard", "nginx, memory"])
            #expect(servers.allSatisfy { $0.requestsPerSecond > 0 && $0.cpuMicroseconds > 0 && $0.errors == 0 })
            #expect(measured.ratios.keys.elementsEqual(["the best nginx"]))
            #expect(text.contains("| \(measured.name) "))
        }
        #expect(
            text.contains("| Lanyard against … | the best nginx: requests/s | the best nginx: CPU |"))
        #expect(results.tls.keys.sorted() == ["lanyard", "nginx"] && Set(results.tls.values).count == 1)
        #expect(results.idle.map(\.server) == ["lanyard", "nginx", "lanyard", "nginx"])
        #expect(results.idle.allSatisfy { $0.connections == 200 && $0.beforeBytes > 0 })
        #expect(Set(results.start.keys) == ["lanyard", "nginx"])
        #expect(results.start.values.allSatisfy { $0.milliseconds.count == 2 })
        #expect(results.memory.values.allSatisfy { $0.resident > $0.own && $0.own > 0 })
    }

    @Test(.enabled(if: hasTools, "python3, openssl and wrk are installed"))
    func `of refreshes say how they stand beside openssl`() throws {
        let (results, text) = try Self.run("refresh.py", of: Lanyard.binary, RefreshResults.self)
        #expect(results.medians.keys.sorted() == ["openssl", "refresh-64", "refresh-8"])
        #expect(results.medians.values.allSatisfy { $0.perSecond > 0 && $0.cpuMicroseconds > 0 })
        #expect(results.ratios.keys.sorted() == ["refresh-64", "refresh-8"])
        #expect(results.ratios.values.allSatisfy { $0.perSecond > 0 && $0.cpu > 0 })
        #expect(results.beside.p50Microseconds > 0)
        #expect(text.contains("| refresh-64 "))
    }

    @Test(.enabled(if: hasTools, "python3, openssl and wrk are installed"))
    func `of refreshes compare two programs`() throws {
        let (results, text) = try Self.run(
            "refresh.py", of: Lanyard.binary, with: ["--against", Lanyard.binary], PairResults.self)
        #expect(results.rounds.keys.sorted() == ["refresh-64", "refresh-8"])
        #expect(results.rounds.values.allSatisfy { $0.count == 2 && $0.joined().allSatisfy { $0 > 0 } })
        // The same program twice.
        #expect(results.ratios.values.allSatisfy { $0.low < $0.ratio && $0.ratio < $0.high && 0.3...3 ~= $0.ratio })
        #expect(text.contains("| refresh-64 "))
    }

    private struct PairResults: Decodable {
        let rounds: [String: [[Double]]]
        let ratios: [String: Interval]

        struct Interval: Decodable {
            let ratio: Double
            let low: Double
            let high: Double
        }
    }

    @Test(.enabled(if: hasTools, "python3, openssl and wrk are installed"))
    func `of status lists say what they weigh and cost`() throws {
        let (results, text) = try Self.run("status.py", of: Lanyard.binary, StatusResults.self)
        #expect(results.lists.map(\.revoked) == [0, 100])
        #expect(results.lists.allSatisfy { $0.gzipBytes > 0 && $0.gzipBytes < $0.identityBytes })
        #expect(results.lists[0].identityBytes < results.lists[1].identityBytes)
        #expect(results.keySet.p99Ratio > 0)
        #expect(text.contains("| revoked of 1,048,576 |"))
    }

    /// The program that makes and checks tokens, which is built beside the tests if `LANYARD_BENCHMARK` is set.
    static let signingRate = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("signing-rate").path

    static let hasSigningRate = [signingRate, "/usr/bin/python3", "/usr/bin/openssl"]
        .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

    @Test(.enabled(if: hasSigningRate, "signing-rate is built, and python3 and openssl are installed"))
    func `of the signatures say how tokens stand beside openssl`() throws {
        let (results, text) = try Self.run("signing.py", of: Self.signingRate, SigningResults.self)
        #expect(results.algorithms.keys.sorted() == ["ES256", "EdDSA", "PS256", "RS256"])
        for (name, measured) in results.algorithms {
            #expect(text.contains("| \(name), \(measured.tokenBytes) bytes "))
            #expect(Set(measured.rounds.keys) == ["lanyard", "openssl"])
            for round in measured.rounds.values.joined() {
                #expect(round.signed.perCpuSecond > 0 && round.verified.perCpuSecond > 0)
            }
            #expect(measured.ratios.signed > 0 && measured.ratios.verified > 0)
        }
    }

    /// Runs a script for a short time, and returns what it wrote to a file and to standard output.
    private static func run<Results: Decodable>(
        _ script: String, of binary: String, with options: [String] = [], _: Results.Type
    ) throws -> (results: Results, text: String) {
        let folder = try TemporaryFolder()
        let file = folder.path(of: "results.json")
        let output = try Lanyard.run(
            ChildProcess.Invocation(
                executable: "/usr/bin/python3",
                arguments: [
                    Lanyard.repository + "/Benchmarks/" + script, "--quick", "--binary", binary, "--json", file,
                ] + options,
                environment: Lanyard.environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 },
                folder: folder.path),
            by: .after(.seconds(300)))
        #expect(output.ending == .exit(0), "\(output.standardOutput)\(output.standardError)")
        #expect(output.standardError.isEmpty)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let results = try decoder.decode(Results.self, from: Data(TemporaryFolder.bytes(at: file)))
        return (results, output.standardOutput)
    }

    private struct SigningResults: Decodable {
        let algorithms: [String: Algorithm]

        struct Algorithm: Decodable {
            let tokenBytes: Int
            let ratios: Ratios
            let rounds: [String: [Round]]
        }

        struct Ratios: Decodable {
            let signed: Double
            let verified: Double
        }

        struct Round: Decodable {
            let signed: Rate
            let verified: Rate
        }

        struct Rate: Decodable {
            let perCpuSecond: Double
        }
    }

    private struct RefreshResults: Decodable {
        let medians: [String: Figures]
        let ratios: [String: Ratios]
        let beside: Latency

        struct Figures: Decodable {
            let perSecond: Double
            let cpuMicroseconds: Double
        }

        struct Ratios: Decodable {
            let perSecond: Double
            let cpu: Double
        }

        struct Latency: Decodable {
            let p50Microseconds: Double
        }
    }

    private struct StatusResults: Decodable {
        let lists: [List]
        let keySet: KeySet

        struct List: Decodable {
            let revoked: Int
            let identityBytes: Int
            let gzipBytes: Int
        }

        struct KeySet: Decodable {
            let p99Ratio: Double
        }
    }

    /// The part of the results that somebody may read by a program.
    private struct Results: Decodable {
        /// What each server and the client agreed upon.
        let tls: [String: String]
        let cases: [Case]
        let memory: [String: Memory]
        let idle: [Idle]
        let start: [String: Start]

        struct Case: Decodable {
            let name: String
            let servers: [String: Server]
            let ratios: [String: Ratio]
        }

        struct Server: Decodable {
            let requestsPerSecond: Double
            let cpuMicroseconds: Double
            let errors: Int
        }

        struct Ratio: Decodable {
            let requestsPerSecond: Double
            let cpu: Double
        }

        struct Memory: Decodable {
            let resident: Int
            let own: Int
        }

        struct Idle: Decodable {
            let server: String
            let connections: Int
            let beforeBytes: Int
        }

        struct Start: Decodable {
            let milliseconds: [Double]
        }
    }
}

// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// Every target is held to the same rules: a warning is an error, and each use of unsafe memory says so.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "lanyard",
    products: [
        .executable(name: "lanyard", targets: ["lanyard"]),
        .library(name: "LanyardVerifier", targets: ["LanyardVerifier"]),
    ],
    dependencies: [
        // Exact, because no lock file is kept: two builds of one commit hold the same dependencies.
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    ],
    targets: [
        // Level 0: the system's libraries, one module map each.
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLibssl", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CProcess"),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // Level 1
        module("LanyardBase"),

        // Level 2
        module("LanyardCoding", ["LanyardBase", "CZlib"]),
        module("LanyardCrypto", ["LanyardBase", "CLibcrypto"]),
        module("LanyardPasswords", ["LanyardBase", "CArgon2"]),
        module("LanyardHTTP", ["LanyardBase", "CLibssl", "CLinux"]),
        module("LanyardStore", ["LanyardBase"]),

        // Level 3
        module("LanyardVerifier", ["LanyardBase", "LanyardCoding", "LanyardCrypto"]),
        // Its folder `schema` is a link to Config/schema/sqlite, whose files become part of the binary.
        .target(
            name: "LanyardStoreSQLite", dependencies: ["LanyardBase", "LanyardStore", "CSQLite"],
            resources: [.embedInCode("schema")], swiftSettings: strict),

        // Level 4: what Lanyard does, and HTTP next to it. Neither knows the other.
        module(
            "LanyardCore",
            [
                "LanyardBase", "LanyardCoding", "LanyardCrypto", "LanyardPasswords", "LanyardStore", "LanyardVerifier",
                .product(name: "Logging", package: "swift-log"),
            ]),
        module("LanyardWeb", ["LanyardBase", "LanyardCoding", "LanyardCrypto", "LanyardHTTP"]),

        // Level 5: what Lanyard looks like over HTTP.
        // What browsers are given, from its folder Browser, becomes part of the binary.
        .target(
            name: "LanyardAPI",
            dependencies: [
                "LanyardBase", "LanyardCoding", "LanyardCore", "LanyardCrypto", "LanyardHTTP", "LanyardPasswords",
                "LanyardStore", "LanyardVerifier", "LanyardWeb", .product(name: "Logging", package: "swift-log"),
            ],
            resources: [.embedInCode("Browser")], swiftSettings: strict),

        // Level 6: commands, settings and wiring.
        .target(
            name: "LanyardProgram",
            dependencies: [
                "LanyardAPI", "LanyardBase", "LanyardCoding", "LanyardCore", "LanyardCrypto", "LanyardHTTP",
                "LanyardPasswords", "LanyardStore", "LanyardStoreSQLite", "LanyardVerifier", "LanyardWeb", "CProcess",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),

        // Level 7
        .executableTarget(name: "lanyard", dependencies: ["LanyardProgram"], swiftSettings: strict),

        // Tests
        .target(
            name: "TestSupport", dependencies: ["LanyardBase", "LanyardHTTP", "LanyardStore", "CLibssl"],
            path: "Tests/TestSupport",
            swiftSettings: strict),
        .target(
            name: "CoreTestSupport",
            dependencies: [
                "LanyardBase", "LanyardCoding", "LanyardCore", "LanyardCrypto", "LanyardStore", "LanyardVerifier",
                "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/CoreTestSupport", swiftSettings: strict),
        tests("LanyardBaseTests", ["LanyardBase", "TestSupport"]),
        tests("LanyardCodingTests", ["LanyardCoding", "LanyardBase"]),
        tests("LanyardCryptoTests", ["LanyardCrypto", "LanyardBase"]),
        tests("LanyardPasswordsTests", ["LanyardPasswords", "LanyardBase", "TestSupport"]),
        tests("LanyardHTTPTests", ["LanyardHTTP", "LanyardBase", "CLibssl", "TestSupport"]),
        tests("LanyardStoreTests", ["LanyardStore", "LanyardStoreSQLite", "LanyardBase", "TestSupport"]),
        tests("LanyardVerifierTests", ["LanyardVerifier", "LanyardBase", "LanyardCoding", "LanyardCrypto"]),
        tests(
            "LanyardCoreTests",
            [
                "LanyardCore", "LanyardBase", "LanyardCoding", "LanyardCrypto", "LanyardPasswords", "LanyardStore",
                "LanyardVerifier", "CoreTestSupport", "TestSupport", .product(name: "Logging", package: "swift-log"),
            ]),
        tests("LanyardWebTests", ["LanyardWeb", "LanyardBase", "LanyardHTTP"]),
        tests(
            "LanyardAPITests",
            [
                "LanyardAPI", "LanyardBase", "LanyardCoding", "LanyardCore", "LanyardCrypto", "LanyardHTTP",
                "LanyardPasswords", "LanyardStore", "LanyardVerifier", "LanyardWeb", "CoreTestSupport",
                "TestSupport", .product(name: "Logging", package: "swift-log"),
            ]),
        tests(
            "ProgramTests",
            [
                "lanyard", "LanyardAPI", "LanyardProgram", "LanyardBase", "LanyardCoding", "LanyardCore",
                "LanyardCrypto", "LanyardHTTP", "LanyardStore", "LanyardVerifier", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ]),
        // The program with clocks that tests move; it is part of no product.
        .executableTarget(
            name: "lanyard-with-test-clock", dependencies: ["LanyardProgram", "LanyardBase"],
            path: "Tests/ClockedLanyard", swiftSettings: strict),
        tests(
            "EndToEndTests",
            [
                "lanyard", "lanyard-with-test-clock", "LanyardBase", "LanyardCoding", "LanyardCrypto", "LanyardStore",
                "LanyardVerifier", "TestSupport",
            ]),
        tests("RepositoryTests"),
    ],
    swiftLanguageModes: [.v6]
)

// Benchmarks/signing and the tests of the benchmarks build this one; nobody else has a use for it.
if Context.environment["LANYARD_BENCHMARK"] != nil {
    package.targets.append(
        .executableTarget(
            name: "signing-rate",
            dependencies: [
                "LanyardBase", "LanyardCoding", "LanyardCore", "LanyardCrypto", "LanyardPasswords", "LanyardStore",
                "LanyardVerifier",
            ],
            path: "Benchmarks/signing-rate", swiftSettings: strict))
}

/// What the package is reduced to: targets and what they are built from, or `nil` for everything.
var selection = Context.environment["LANYARD_TESTS"]?.split(separator: ",").map(String.init)

// Scripts/fuzz builds these, all in one build. libFuzzer brings their `main`, so they are here only when they are asked
// for, and then alone.
if Context.environment["LANYARD_FUZZ"] != nil {
    let fuzzers = [
        fuzzer("RequestFuzzer", ["TestSupport"], path: "Tests/Fuzz/Request"),
        fuzzer("ResponseFuzzer", ["TestSupport"], path: "Tests/Fuzz/Response"),
        fuzzer("ProxyHeaderFuzzer", path: "Tests/Fuzz/ProxyHeader"),
        fuzzer("ConnectionFuzzer", ["LanyardBase", "TestSupport"], path: "Tests/Fuzz/Connection"),
    ]
    package.targets.append(.target(name: "FuzzSupport", path: "Tests/Fuzz/Support", swiftSettings: strict))
    package.targets += fuzzers
    selection = fuzzers.map(\.name)
}

func fuzzer(_ name: String, _ dependencies: [Target.Dependency] = [], path: String) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies + ["FuzzSupport", "LanyardHTTP"], path: path,
        swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])])
}

// LANYARD_TESTS names test targets, separated by commas: the package then holds these and what they are built from, so
// that a build with a sanitizer, or of one module's tests, compiles nothing that it does not run.
if let selection {
    let kept = closure(of: selection, in: package.targets)
    package.targets.removeAll { !kept.contains($0.name) }
    package.products.removeAll()
}

/// The named targets and every target of this package that they depend on.
func closure(of names: [String], in targets: [Target]) -> Set<String> {
    var kept: Set<String> = []
    var waiting = names
    while let name = waiting.popLast() {
        guard let target = targets.first(where: { $0.name == name }), kept.insert(name).inserted else { continue }
        for dependency in target.dependencies {
            switch dependency {
            case .targetItem(let name, _), .byNameItem(let name, _): waiting.append(name)
            default: break
            }
        }
    }
    return kept
}

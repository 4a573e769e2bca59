// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct `The modules` {
    /// An arrow points at what is imported, and only downwards.
    private static let levels = [
        "LanyardBase": 1,
        "LanyardCoding": 2, "LanyardCrypto": 2, "LanyardPasswords": 2, "LanyardHTTP": 2, "LanyardStore": 2,
        "LanyardVerifier": 3, "LanyardStoreSQLite": 3, "LanyardStorePostgreSQL": 3,
        "LanyardCore": 4, "LanyardWeb": 4,
        "LanyardAPI": 5,
        "LanyardProgram": 6,
        "lanyard": 7,
    ]

    /// The one arrow between neighbours: imported hashes need the key derivations of libcrypto.
    private static let exceptions: Set = ["LanyardPasswords LanyardCrypto"]

    private static let swift: Set = [
        "Swift", "Glibc", "Dispatch", "Synchronization", "FoundationEssentials", "ArgumentParser", "Logging",
    ]

    @Test func `import downwards only`() throws {
        let modules = try SourceTree.modules()
        #expect(!modules.isEmpty)
        for (module, files) in modules {
            let level = try #require(Self.levels[module], "\(module) has a level")
            for file in files {
                for name in Set(try file.imports.map(\.module)) where !Self.exceptions.contains("\(module) \(name)") {
                    let isBelow = (Self.levels[name] ?? 0) < level
                    #expect(isBelow, "\(file) imports \(name)")
                }
            }
        }
    }

    @Test func `are all in the manifest, which allows no arrow upwards either`() throws {
        let manifest = try SourceTree.files().first { $0.path == "Package.swift" }
        let text = try #require(try manifest?.text)
        for module in try SourceTree.modules().keys {
            let declaration = try Regex(#"(module\(|name: )\s*"\#(module)"[^\n]*?(\[([^\[\]]*)\])?"#)
            #expect(text.contains(declaration), "\(module)")
        }
        for match in text.matches(of: /module\(\s*"(\w+)"(?:,\s*\[([^\[\]]*)\])?\)/) {
            let module = String(match.1)
            let level = try #require(Self.levels[module], "\(module) has a level")
            for name in (match.2 ?? "").matches(of: /"(\w+)"/).map({ String($0.1) })
            where !Self.exceptions.contains("\(module) \(name)") {
                #expect((Self.levels[name] ?? 0) < level, "\(module) depends on \(name)")
            }
        }
    }

    @Test func `meet each C library in one place`() throws {
        let libraries = try SourceTree.libraries()
        #expect(!libraries.isEmpty)
        var users: [String: Set<String>] = [:]
        for (module, files) in try SourceTree.modules() {
            for file in files {
                for used in try file.imports where libraries.contains(used.module) {
                    users[used.module, default: []].insert(module)
                    #expect(used.modifiers == ["internal"], "\(file) lets \(used.module) be seen outside")
                }
            }
        }
        for library in libraries {
            #expect(users[library]?.count == 1, "\(library) is imported by \(users[library] ?? [])")
        }
    }

    @Test func `use nothing that is not on the list`() throws {
        let known = Self.swift.union(try SourceTree.libraries()).union(Self.levels.keys)
        for (_, files) in try SourceTree.modules() {
            for file in files {
                for used in try file.imports { #expect(known.contains(used.module), "\(file) imports \(used.module)") }
            }
        }
    }

    @Test func `keep the verifier free of everything but this package`() throws {
        let allowed: Set = ["LanyardBase", "LanyardCoding", "LanyardCrypto", "Synchronization", "Glibc", "Swift"]
        for file in try SourceTree.modules()["LanyardVerifier"] ?? [] {
            for used in try file.imports { #expect(allowed.contains(used.module), "\(file) imports \(used.module)") }
        }
    }

    /// What Lanyard does, and HTTP next to it, meet in the API alone: endpoints and commands call the same use cases.
    @Test func `keep rules and HTTP apart`() throws {
        let modules = try SourceTree.modules()
        let forbidden: [String: Set<String>] = [
            "LanyardCore": ["LanyardHTTP", "LanyardWeb"],
            "LanyardWeb": ["LanyardCore", "LanyardStore", "LanyardPasswords", "LanyardVerifier"],
        ]
        for (module, names) in forbidden {
            let files = try #require(modules[module])
            for file in files {
                for used in try file.imports { #expect(!names.contains(used.module), "\(file) imports \(used.module)") }
            }
        }
    }

    /// A stranger finds the steps of a login in one place, top to bottom.
    @Test func `have a login that fits on a page`() throws {
        let file = try SourceTree.files(below: "Sources/LanyardCore/Sessions").first {
            $0.path.hasSuffix("/Login.swift")
        }
        #expect(try #require(file).lines.count <= 100)
    }
}

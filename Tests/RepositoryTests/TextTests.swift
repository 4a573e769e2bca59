// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct `The files` {
    private static let commented = [
        ".swift", ".h", ".c", ".sh", ".py", ".lua", ".sql", ".env", "requirements.txt",
    ]

    @Test func `begin with their license`() throws {
        let files = try ["Sources", "Tests", "Scripts", "Config", "Benchmarks"].flatMap {
            try SourceTree.files(below: $0)
        }
        let sources = files.filter { file in
            Self.commented.contains { file.path.hasSuffix($0) }
                || !file.path.split(separator: "/").suffix(1).joined().contains(".")
        }
        #expect(sources.count > 100)
        for file in sources {
            // A second line where the first belongs to the shell or to the package manager.
            let head = try file.lines.prefix(2)
            let own = head.first { !$0.hasPrefix("#!") && !$0.hasPrefix("// swift-tools-version") } ?? ""
            #expect(own.contains("SPDX-License-Identifier: Apache-2.0"), "\(file)")
        }
    }

    /// What a fuzzer or an editor leaves behind is noticed here and not by a stranger.
    @Test func `at the top level are those that belong there`() throws {
        let known: Set = [
            ".ci", ".dockerignore", ".editorconfig", ".gitignore", ".swift-format", "Benchmarks", "CHANGELOG.md",
            "CONTRIBUTING.md", "Config", "Dockerfile", "Examples", "LICENSE", "Package.resolved", "Package.swift",
            "README.md", "SECURITY.md", "Scripts", "Sources", "Tests", "docs",
        ]
        let names = Set(try SourceTree.files().map { String($0.path.prefix { $0 != "/" }) })
        #expect(names.subtracting(known).isEmpty)
    }

    @Test func `speak of no machine but the reader's`() throws {
        let place = /\/(?:home|Users|work|root)\/\w/
        for file in try SourceTree.files() where !file.path.hasPrefix("LICENSE") {
            #expect(try !file.text.contains(place), "\(file)")
        }
    }

    @Test func `end with one line feed, and lines without blanks`() throws {
        let endings = [".swift", ".md", ".py", ".sh", ".h", ".sql", ".env", ".json"]
        for file in try SourceTree.files() where endings.contains(where: file.path.hasSuffix) {
            let text = try file.text
            #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"), "\(file)")
            for (index, line) in try file.lines.enumerated() where line.hasSuffix(" ") || line.hasSuffix("\t") {
                Issue.record("\(file):\(index + 1) ends with blanks")
            }
        }
    }

    @Test func `of the product trap nowhere by a short cut`() throws {
        let shortCut = /\btry!|\bas!|\bfatalError\(|\bunowned\(unsafe\)/
        for file in try SourceTree.files(below: "Sources") where file.path.hasSuffix(".swift") {
            for (index, line) in try file.lines.enumerated()
            where !line.trimmingPrefix(while: { $0 == " " }).hasPrefix("//") {
                #expect(!line.contains(shortCut), "\(file):\(index + 1)")
            }
        }
    }

    @Test func `say why something is sendable that the compiler cannot check`() throws {
        for file in try SourceTree.files(below: "Sources") where file.path.hasSuffix(".swift") {
            let text = try file.text
            let uses = text.matches(of: /@unchecked Sendable(?! because)/).count
            let reasons = text.matches(of: /@unchecked Sendable because/).count
            #expect(reasons >= uses, "\(file)")
        }
    }

    @Test func `that are started can be`() throws {
        for path in [
            "Scripts/run", "Scripts/test", "Scripts/fuzz", ".ci/run", "Benchmarks/http", "Benchmarks/signing",
            "Tests/Peers/openssl.sh",
        ] {
            let full = SourceTree.root.appendingPathComponent(path).path
            #expect(FileManager.default.isExecutableFile(atPath: full), "\(path)")
        }
    }
}

@Suite struct `The documents` {
    @Test func `lead nowhere that does not exist`() throws {
        let documents = try SourceTree.files().filter { $0.path.hasSuffix(".md") }
        #expect(documents.contains { $0.path == "README.md" })
        for document in documents {
            let text = try document.text
            for match in text.matches(of: /\]\(([^)\s]+)\)/) where !match.1.contains("://") {
                let parts = match.1.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                let target = document.url.deletingLastPathComponent().appendingPathComponent(String(parts[0]))
                #expect(
                    parts[0].isEmpty || FileManager.default.fileExists(atPath: target.path),
                    "\(document) leads to \(match.1)")
                guard parts.count == 2 else { continue }
                let other = parts[0].isEmpty ? text : String(decoding: try Data(contentsOf: target), as: UTF8.self)
                #expect(anchors(of: other).contains(String(parts[1])), "\(document) leads to \(match.1)")
            }
        }
    }

    @Test func `name only settings that exist`() throws {
        let name = /LANYARD_[A-Z_]+/
        let settings = Set(try text(of: "Config/lanyard.env").matches(of: name).map(\.0).map(String.init))
        #expect(settings.count > 40)
        for document in ["README.md", "Dockerfile"] {
            for match in try text(of: document).matches(of: name) {
                #expect(settings.contains(String(match.0)), "\(document) names \(match.0)")
            }
        }
    }

    @Test func `install in the image what the scripts install`() throws {
        let image = try text(of: "Dockerfile")
        let scripts = try text(of: "Scripts/common.sh")
        let packages = try #require(scripts.firstMatch(of: /build_packages=\(([^)]*)\)/)).1
        #expect(image.contains(packages))
        let flags = try #require(scripts.firstMatch(of: /release_flags=\(([^)]*)\)/)).1.split { " \n".contains($0) }
        #expect(flags.count > 5)
        let line = image.replacing("\\\n", with: " ").split(separator: " ")
        #expect(flags.allSatisfy(line.contains), "the image is built with the flags of the scripts")
    }

    private func text(of path: String) throws -> String {
        String(decoding: try Data(contentsOf: SourceTree.root.appendingPathComponent(path)), as: UTF8.self)
    }

    /// The names that the headings of a document can be reached by.
    private func anchors(of text: String) -> Set<String> {
        Set(
            text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
                line.drop { $0 == "#" }.dropFirst().lowercased().replacing(" ", with: "-").filter {
                    $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_"
                }
            })
    }
}

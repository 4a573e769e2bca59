// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files of the repository, without what is built and without the history.
enum SourceTree {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every file, or every file below one folder.
    static func files(below folder: String = "") throws -> [File] {
        let start = folder.isEmpty ? root : root.appendingPathComponent(folder)
        let ignored: Set = [".build", ".git", "data", "__pycache__"]
        return try FileManager.default.subpathsOfDirectory(atPath: start.path).compactMap { path in
            guard ignored.isDisjoint(with: path.split(separator: "/").map(String.init)) else { return nil }
            let url = start.appendingPathComponent(path)
            guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { return nil }
            return File(path: folder.isEmpty ? path : folder + "/" + path, url: url)
        }
    }

    /// One file, named by its path in the repository.
    struct File: CustomStringConvertible {
        let path: String
        let url: URL

        var description: String { path }

        /// The text, with anything that is not UTF-8 replaced.
        var text: String {
            get throws { String(decoding: try Data(contentsOf: url), as: UTF8.self) }
        }

        var lines: [Substring] {
            get throws { try text.split(separator: "\n", omittingEmptySubsequences: false) }
        }

        /// The modules that the file imports, each with the words before `import`.
        var imports: [Import] {
            get throws {
                try lines.compactMap { line in
                    let words = line.prefix { $0 != "/" }.split(separator: " ").map(String.init)
                    guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
                        words[..<index].allSatisfy({ Self.modifiers.contains($0) || $0.hasPrefix("@") })
                    else { return nil }
                    let last = words[words.count - 1]
                    return Import(
                        module: String(last.prefix { $0 != "." }), modifiers: Set(words[..<index]))
                }
            }
        }

        private static let modifiers: Set = ["public", "package", "internal", "private", "fileprivate"]
    }

    /// One `import` of a file.
    struct Import: Hashable {
        let module: String
        let modifiers: Set<String>
    }

    /// The Swift modules in `Sources`, by name.
    static func modules() throws -> [String: [File]] {
        let swift = try files(below: "Sources").filter { $0.path.hasSuffix(".swift") }
        return Dictionary(grouping: swift) { String($0.path.split(separator: "/")[1]) }
    }

    /// The C modules in `Sources`: the folders with a module map.
    static func libraries() throws -> Set<String> {
        let maps = try files(below: "Sources").filter { $0.path.hasSuffix("/module.modulemap") }
        return Set(maps.map { String($0.path.split(separator: "/")[1]) })
    }
}

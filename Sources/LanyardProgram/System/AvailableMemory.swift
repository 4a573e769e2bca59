// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// How much more memory this process can have.
package enum AvailableMemory {
    /// Returns what the machine has left, or what the control group may have if that is less; `nil` if neither is known.
    ///
    /// Counts swap space, and memory that the kernel would take back from its caches.
    ///
    /// - Parameter root: The folder that holds `proc` and `sys`, for tests.
    /// - Returns: Bytes.
    package static func bytes(root: String = "") -> Int? {
        ([machine(root)] + controlGroup(root)).compactMap(\.self).min()
    }

    private static func machine(_ root: String) -> Int? {
        guard let text = text("\(root)/proc/meminfo") else { return nil }
        var kibibytes: [Substring: Int] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == " " || $0 == ":" })
            if words.count >= 2, let count = Int(words[1]) { kibibytes[words[0]] = count }
        }
        guard let available = kibibytes["MemAvailable"] else { return nil }
        return (available + (kibibytes["SwapFree"] ?? 0)) * 1_024
    }

    /// The limits of the control group and of those above it: version 2, or that of a container in version 1.
    private static func controlGroup(_ root: String) -> [Int?] {
        let line = text("\(root)/proc/self/cgroup")?.split(separator: "\n").first { $0.hasPrefix("0::/") }
        var path = line.map { String($0.dropFirst("0::".count)) } ?? "/"
        var limits = [number("\(root)/sys/fs/cgroup/memory/memory.limit_in_bytes")]
        while true {
            limits.append(number("\(root)/sys/fs/cgroup\(path == "/" ? "" : path)/memory.max"))
            guard path != "/", let slash = path.lastIndex(of: "/") else { return limits }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
    }

    /// Reads a number on a line of its own; `nil` for `max` and for a file that does not exist.
    private static func number(_ path: String) -> Int? {
        text(path)?.split(separator: "\n").first.flatMap { Int($0) }
    }

    private static func text(_ path: String) -> String? {
        let file = try? FileDescriptor(opening: path, flags: O_RDONLY).readToEnd(limit: 65_536)
        return file.flatMap { String(validating: $0, as: UTF8.self) }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// What the system knows of the running server.
extension RunningLanyard {
    /// How many descriptors are open.
    var descriptorCount: Int {
        get throws { try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.processID)/fd").count }
    }

    /// The memory that is not swapped out, in KiB (proc(5), `VmRSS`).
    var residentKiB: Int {
        get throws { try kibibytes("VmRSS") }
    }

    private func kibibytes(_ name: String) throws -> Int {
        let status = String(decoding: try TemporaryFolder.bytes(at: "/proc/\(process.processID)/status"), as: UTF8.self)
        let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        guard let word = line?.split(whereSeparator: \.isWhitespace).dropFirst().first, let count = Int(word) else {
            throw Failure("no \(name) in \(status)")
        }
        return count
    }

    /// Lets the server map no more than `bytes` in addition to what it has mapped (prlimit(1)).
    func limitAddressSpace(aboveCurrentBy bytes: Int) throws {
        let limit = try kibibytes("VmSize") * 1_024 + bytes
        let output = try Lanyard.run(
            ChildProcess.Invocation(
                executable: "/usr/bin/prlimit", arguments: ["--pid", "\(process.processID)", "--as=\(limit):"],
                environment: Lanyard.environment, folder: folder.path))
        guard output.ending == .exit(0) else { throw Failure("cannot limit to \(limit): \(output.standardError)") }
    }

    /// The time that the server has had a processor, in clock ticks (proc(5), `utime` and `stime`).
    var processorTicks: Int {
        get throws {
            let stat = String(decoding: try TemporaryFolder.bytes(at: "/proc/\(process.processID)/stat"), as: UTF8.self)
            // The name, which may hold anything, ends with the last parenthesis.
            let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
            guard fields.count > 13, let user = Int(fields[12]), let system = Int(fields[13]) else {
                throw Failure("no times in \(stat)")
            }
            return user + system
        }
    }

    /// Changes how many descriptors the server may have (prlimit(1)).
    func limitDescriptors(to count: Int) throws {
        let output = try Lanyard.run(
            ChildProcess.Invocation(
                executable: "/usr/bin/prlimit", arguments: ["--pid", "\(process.processID)", "--nofile=\(count):"],
                environment: Lanyard.environment, folder: folder.path))
        guard output.ending == .exit(0) else { throw Failure("cannot limit to \(count): \(output.standardError)") }
    }

    /// Waits until the server has no more descriptors open than `count`, and returns how many it has.
    func descriptorCount(fallenTo count: Int) throws -> Int {
        try Deadline.usual.poll { try descriptorCount <= count }
        return try descriptorCount
    }

    /// Writes the settings file that the server was started with anew, and waits until it says that it was read.
    func reload(_ settings: [String: String]) throws {
        let readBefore = process.standardError.lines.count { $0.contains("settings were read again") }
        try folder.write(Self.settingsFile, Self.text(settings))
        process.send(SIGHUP)
        let lines = process.standardError.lines(by: .usual) { lines in
            lines.contains { $0.contains("settings stay as they are") }
                || lines.count { $0.contains("settings were read again") } > readBefore
        }
        guard let lines, !lines.contains(where: { $0.contains("settings stay as they are") }) else {
            throw Failure("not read again: \(process.standardError.text)")
        }
    }

    /// Starts a server with its settings in a file, for ``reload(_:)``.
    static func reloadable(_ arguments: [String] = [], _ settings: [String: String]) throws -> RunningLanyard {
        let folder = try TemporaryFolder()
        try folder.write(settingsFile, text(settings))
        return try RunningLanyard(arguments + ["--config", settingsFile], in: folder)
    }

    private static let settingsFile = "lanyard.env"

    private static func text(_ settings: [String: String]) -> String {
        settings.map { "\($0)=\($1)\n" }.sorted().joined()
    }
}

/// The descriptors that the tests, and what they start, may have.
enum Descriptors {
    /// Raises the limit as far as this process may, once, and says how far that is.
    static let limit: Int = {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return 0 }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        return unsafe setrlimit(resource, &limit) == 0 ? Int(limit.rlim_cur) : 0
    }()

    static let comment: Comment = "ulimit -Hn is large enough"
}

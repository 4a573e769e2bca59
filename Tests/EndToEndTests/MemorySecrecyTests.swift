// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// What a look into the memory of the server shows.
@Suite struct `The memory of the server` {
    @Test func `is in no core dump, and no other user's to read`() throws {
        let folder = try TemporaryFolder()
        let install = ChildProcess.Invocation(
            executable: "/usr/bin/install", arguments: ["-m", "755", Lanyard.binary, "lanyard"], folder: folder.path)
        guard try Lanyard.run(install).ending == .exit(0) else { throw Failure("cannot copy \(Lanyard.binary)") }
        try folder.makeFolder("open")
        try folder.setMode(of: "open", to: 0o777)
        var invocation = Lanyard.invocation(["serve", "--listen", "127.0.0.1:0"], in: folder)
        invocation.folder = folder.path(of: "open")
        invocation.executable = folder.path(of: "lanyard")
        if geteuid() == 0 {
            // Of a process of root everything belongs to root in any case.
            invocation.arguments =
                ["--reuid=65534", "--regid=65534", "--clear-groups", "--", invocation.executable] + invocation.arguments
            invocation.executable = "/usr/bin/setpriv"
        }
        let process = try ChildProcess(invocation)
        defer { process.send(SIGKILL) }
        #expect(process.standardOutput.lines(by: .usual) { $0.count == 2 } != nil, "\(process.standardError.text)")
        // proc(5): the files of a process that cannot be dumped belong to root.
        let files = "/proc/\(process.processID)"
        let owner = try FileManager.default.attributesOfItem(atPath: "\(files)/status")[.ownerAccountID] as? Int
        #expect(owner == 0)
        let limits = String(decoding: try TemporaryFolder.bytes(at: "\(files)/limits"), as: UTF8.self)
        #expect(limits.contains(/Max core file size\s+0\s+0\s/))
        process.send(SIGTERM)
        #expect(try process.waitForEnd() == .exit(0))
    }

    /// Only root reads it.
    @Test(.enabled(if: geteuid() == 0))
    func `holds no password after the request that presented it`() throws {
        let server = try RunningLanyard(["--dev"])
        let login = try server.logInAlice()
        let marks = (1...4).map { "zuGh4-quex-\($0)-\(UUID().uuidString)" }
        #expect(try server.logIn("alice", marks[0]).status == 401)
        #expect(try server.logIn("nobody", marks[1]).status == 401)
        let form = "username=alice&password=\(marks[2])"
        #expect(try server.post("/login", form, type: "application/x-www-form-urlencoded").status == 401)
        let changed = try server.post(
            "/password", ["current_password": RunningLanyard.alicesPassword, "new_password": marks[3]],
            fields: ["Authorization: Bearer \(login.accessToken)"])
        #expect(changed.status == 204)
        #expect(try server.logIn("alice", marks[3]).status == 200)
        // The buffers that requests are read into are used again and again: as many requests as it takes to fill all.
        for _ in 0..<40 {
            let padding = (0..<3).map { "X-Padding-\($0): " + String(repeating: "p", count: 8_000) }
            #expect(try server.get("/livez", fields: padding).status == 200)
        }
        #expect(try server.occurrences(of: marks) == [:])
    }
}

extension RunningLanyard {
    /// Counts where each text is in the memory that the server can write, but for files.
    fileprivate func occurrences(of texts: [String]) throws -> [String: Int] {
        let maps = String(decoding: try TemporaryFolder.bytes(at: "/proc/\(process.processID)/maps"), as: UTF8.self)
        let memory = try #require(FileHandle(forReadingAtPath: "/proc/\(process.processID)/mem"))
        var counts: [String: Int] = [:]
        for line in maps.split(separator: "\n") {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            guard fields.count >= 2, fields[1].hasPrefix("rw") else { continue }
            let ends = fields[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
            var start = ends[0]
            while start < ends[1] {
                // Pieces overlap, or a text between two would be missed.
                let length = Int(min(ends[1] - start, 1 << 24))
                try memory.seek(toOffset: start)
                guard let bytes = try? memory.read(upToCount: length), !bytes.isEmpty else { break }
                for text in texts {
                    var rest = bytes.startIndex..<bytes.endIndex
                    while let found = bytes.range(of: Data(text.utf8), in: rest) {
                        counts[text, default: 0] += 1
                        rest = found.upperBound..<bytes.endIndex
                    }
                }
                start += UInt64(bytes.count > 256 && length == 1 << 24 ? bytes.count - 128 : bytes.count)
            }
        }
        return counts
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import LanyardProgram
import Testing

@Suite struct `The memory that is available` {
    struct Machine: CustomTestStringConvertible, Sendable {
        let name: String, files: [String: String], bytes: Int?
        var testDescription: String { name }
    }

    static let free = "MemTotal:       4000 kB\nMemFree:  10 kB\nMemAvailable:   2000 kB\nSwapFree:  100 kB\n"

    static let machines = [
        Machine(name: "nothing is known", files: [:], bytes: nil),
        Machine(name: "no control group", files: ["proc/meminfo": free], bytes: 2_100 * 1_024),
        Machine(
            name: "a group without a limit",
            files: ["proc/meminfo": free, "proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "max\n"],
            bytes: 2_100 * 1_024),
        Machine(
            name: "the limit of a container, version 2",
            files: ["proc/meminfo": free, "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "65536\n"],
            bytes: 65_536),
        Machine(
            name: "the limit of a group above",
            files: [
                "proc/meminfo": free, "proc/self/cgroup": "1:name=systemd:/x\n0::/a/b\n",
                "sys/fs/cgroup/a/memory.max": "4096\n", "sys/fs/cgroup/a/b/memory.max": "max\n",
            ], bytes: 4_096),
        Machine(
            name: "the limit of a container, version 1",
            files: ["proc/meminfo": free, "sys/fs/cgroup/memory/memory.limit_in_bytes": "8192\n"], bytes: 8_192),
        Machine(
            name: "a group that may have more than there is",
            files: ["proc/meminfo": free, "sys/fs/cgroup/memory.max": "9223372036854771712\n"], bytes: 2_100 * 1_024),
    ]

    @Test(arguments: machines)
    func `is what the machine has left, or the least limit of a control group`(machine: Machine) throws {
        let folder = try TemporaryFolder()
        for (path, text) in machine.files {
            let file = URL(filePath: "\(folder.path)/\(path)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        #expect(AvailableMemory.bytes(root: folder.path) == machine.bytes)
    }

    @Test func `is known on this machine`() throws {
        #expect(try #require(AvailableMemory.bytes()) > 0)
    }
}

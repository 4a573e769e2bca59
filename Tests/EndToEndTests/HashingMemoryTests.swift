// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct `The memory for password hashes` {
    static let password = "zuGh4-quex/otob"

    @Test func `is resident before the first login`() throws {
        let settings = ["LANYARD_PASSWORDS_MEMORY": "128MiB", "LANYARD_PASSWORDS_LANES": "2"]
        let server = try RunningLanyard(settings: settings)
        #expect(try server.residentKiB > 256 * 1_024)
    }

    struct Shortage: CustomTestStringConvertible, Sendable {
        let name: String, lanes: String, limitKiB: Int?
        var testDescription: String { name }
    }

    /// The second is below 4 GiB in any case, whatever the machine has.
    static let shortages = [
        Shortage(name: "1 TiB", lanes: "256", limitKiB: nil),
        Shortage(name: "more than the process may map", lanes: "1", limitKiB: 2 << 20),
    ]

    @Test(arguments: shortages)
    func `that is not there is a start refused, and no store is created`(shortage: Shortage) throws {
        let folder = try TemporaryFolder()
        var invocation = Lanyard.invocation(
            ["serve", "--listen", "127.0.0.1:0"],
            settings: ["LANYARD_PASSWORDS_MEMORY": "4GiB", "LANYARD_PASSWORDS_LANES": shortage.lanes], in: folder)
        if let limit = shortage.limitKiB {
            invocation.arguments = ["--as=\(limit * 1_024)", invocation.executable] + invocation.arguments
            invocation.executable = "/usr/bin/prlimit"
        }
        let output = try Lanyard.run(invocation)
        #expect(output.ending == .exit(78))
        #expect(output.complaints.count == 1)
        let complaint = try #require(output.complaints.last)
        #expect(complaint.contains("LANYARD_PASSWORDS_MEMORY") && complaint.contains("LANYARD_PASSWORDS_LANES"))
        #expect(!folder.contains("data"))
    }

    @Test func `that a stored hash needs beyond it and is not there is 503, and other logins go on`() throws {
        let folder = try TemporaryFolder()
        for (name, memory) in [("large", "512MiB"), ("small", "8MiB")] {
            let added = try Lanyard.run(
                ["account", "add", name, "--password-stdin"],
                settings: ["LANYARD_PASSWORDS_MEMORY": memory, "LANYARD_PASSWORDS_ITERATIONS": "1"],
                input: Self.password + "\n", in: folder)
            #expect(added.ending == .exit(0))
        }
        let server = try RunningLanyard(settings: ["LANYARD_PASSWORDS_MEMORY": "8MiB"], in: folder)
        #expect(try server.logIn("small", Self.password).status == 200)
        try server.limitAddressSpace(aboveCurrentBy: 256 << 20)
        for _ in 1...2 {
            let reply = try server.logIn("large", Self.password)
            #expect(reply.status == 503)
            #expect(try JSONObject(reply.body).string("error") == "overloaded")
        }
        #expect(try server.logIn("small", Self.password).status == 200)
        #expect(try server.stop() == .exit(0))
    }
}

// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardProgram
import Logging
import Testing

@Suite struct `The parts of a process` {
    private let steps = Guarded<[String]>([])
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func `start in the order of the list and stop in the reverse`() async throws {
        let runtime = Runtime([part("a"), part("b"), part("c")], log: log)
        try await runtime.run { note("run") }
        #expect(taken == ["+a", "+b", "+c", "run", "-c", "-b", "-a"])
    }

    @Test(arguments: [
        ("a", ["+a"]), ("b", ["+a", "+b", "-a"]), ("c", ["+a", "+b", "+c", "-b", "-a"]),
    ])
    func `stop when one after them does not start`(broken: String, steps: [String]) async {
        let failure = Failure(.unavailable, "not \(broken)")
        let parts = ["a", "b", "c"].map { part($0, failing: $0 == broken ? failure : nil) }
        await #expect(throws: failure) { try await Runtime(parts, log: log).run { note("run") } }
        #expect(taken == steps)
    }

    @Test func `need not be there`() async throws {
        try await Runtime([], log: log).run { note("run") }
        try await Runtime([Runtime.Part("nothing to do")], log: log).run { note("again") }
        #expect(taken == ["run", "again"])
    }

    private var taken: [String] { steps.withLock { $0 } }

    private func note(_ step: String) { steps.withLock { $0.append(step) } }

    private func part(_ name: String, failing failure: Failure? = nil) -> Runtime.Part {
        Runtime.Part(
            name,
            start: { () async throws(Failure) in
                await Task.yield()
                note("+\(name)")
                if let failure { throw failure }
            }, stop: { note("-\(name)") })
    }
}

// SPDX-License-Identifier: Apache-2.0

import LanyardProgram
import Testing

@Suite struct `Passed descriptors` {
    private static func passed(_ variables: [String: String]) throws -> PassedDescriptors {
        try PassedDescriptors(environment: variables, processID: 4_711)
    }

    @Test func `begin with 3 and have the names of their units`() throws {
        let passed = try Self.passed([
            "LISTEN_PID": "4711", "LISTEN_FDS": "3", "LISTEN_FDNAMES": "lanyard.socket:management:",
        ])
        #expect(passed.numbers == 3..<6)
        #expect(passed.numbers.map { passed.name(of: $0) } == ["lanyard.socket", "management", ""])
    }

    @Test func `need no names`() throws {
        let passed = try Self.passed(["LISTEN_PID": "4711", "LISTEN_FDS": "2"])
        #expect(passed.numbers == 3..<5)
        #expect(passed.name(of: 4) == nil)
    }

    @Test(arguments: [
        [:], ["LISTEN_FDS": "2"], ["LISTEN_PID": "4712", "LISTEN_FDS": "2"], ["LISTEN_PID": "4711"],
        ["LISTEN_PID": "", "LISTEN_FDS": "2"], ["LISTEN_PID": "4711 ", "LISTEN_FDS": "2"],
        ["LISTEN_PID": "4712", "LISTEN_FDS": "many"], ["LISTEN_PID": "4711", "LISTEN_FDS": "0"],
    ])
    func `are none when they are for another process, or nobody says how many`(variables: [String: String]) throws {
        #expect(try Self.passed(variables).numbers.isEmpty)
    }

    @Test(arguments: ["", "-1", "1.5", "x", "1025", "99999999999999999999", " 1"])
    func `are refused when their number is none`(count: String) throws {
        let failure = try #require(throws: Failure.self) {
            try Self.passed(["LISTEN_PID": "4711", "LISTEN_FDS": count])
        }
        #expect(failure.status == .settings)
        #expect(failure.message.contains("LISTEN_FDS"))
    }

    @Test(arguments: ["a", "a:b:c", ":"])
    func `are refused when their names are not theirs`(names: String) throws {
        let count = names == ":" ? "1" : "2"
        let failure = try #require(throws: Failure.self) {
            try Self.passed(["LISTEN_PID": "4711", "LISTEN_FDS": count, "LISTEN_FDNAMES": names])
        }
        #expect(failure.status == .settings)
        #expect(failure.message.contains("LISTEN_FDNAMES"))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// The program under test, as a user has it: a file that can be executed.
enum Lanyard {
    /// The binary: `LANYARD_BINARY`, or else the one that was built beside the tests.
    static let binary: String = {
        if let path = ProcessInfo.processInfo.environment["LANYARD_BINARY"] { return absolute(path) }
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("lanyard").path
    }()

    /// The root of the repository.
    static let repository: String = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The whole environment of the program: nothing of the person or the machine that runs the tests.
    static let environment = ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"]

    /// How to start it in `folder` with `settings` in its environment, or its twin that goes by `clock`.
    static func invocation(
        _ arguments: [String], settings: [String: String] = [:], input: String = "", in folder: TemporaryFolder,
        by clock: MovableClock? = nil
    ) -> ChildProcess.Invocation {
        ChildProcess.Invocation(
            executable: clock == nil ? binary : MovableClock.binary, arguments: arguments,
            environment: environment.merging(clock?.environment ?? [:]) { $1 }
                .merging(settings) { _, setting in setting },
            folder: folder.path, input: Array(input.utf8))
    }

    /// Runs a command to its end.
    static func run(
        _ arguments: [String], settings: [String: String] = [:], input: String = "", in folder: TemporaryFolder,
        by clock: MovableClock? = nil
    ) throws -> Output {
        try run(invocation(arguments, settings: settings, input: input, in: folder, by: clock))
    }

    /// Runs any program to its end.
    static func run(_ invocation: ChildProcess.Invocation, by deadline: Deadline = .usual) throws -> Output {
        let process = try ChildProcess(invocation)
        let ending = try process.waitForEnd(by: deadline)
        return Output(
            ending: ending, standardOutput: process.standardOutput.text, standardError: process.standardError.text)
    }

    /// What a command did.
    struct Output: Equatable, Sendable {
        let ending: ChildProcess.Ending
        let standardOutput: String
        let standardError: String

        /// The lines on standard error.
        var complaints: [Substring] { standardError.split(separator: "\n") }
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}

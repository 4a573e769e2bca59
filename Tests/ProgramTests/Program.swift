// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation

/// A run of the built program, in an empty folder and an empty environment.
struct Program {
    /// What came of a run.
    struct End: Equatable {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The program did not end in time.
    struct Overdue: Error {}

    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Runs the program to its end.
    func run(
        _ arguments: [String], environment: [String: String] = [:], input: String = ""
    ) throws -> End {
        let process = Process()
        process.executableURL = try Self.executable()
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = URL(filePath: folder.path)
        let (standardInput, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = errors
        let isOver = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in isOver.signal() }
        try process.run()
        // Both ways hold less than a pipe does, so nobody has to be served meanwhile.
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        guard isOver.wait(timeout: .now() + 60) == .success else {
            process.terminate()
            throw Overdue()
        }
        return End(
            status: process.terminationStatus,
            output: String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self),
            errors: String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self))
    }

    /// The program that was built together with the tests, in the same folder.
    private static func executable() throws -> URL {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: tests).deletingLastPathComponent().appending(path: "lanyard")
    }
}

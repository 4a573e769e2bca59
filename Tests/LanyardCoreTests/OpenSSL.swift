// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The openssl command line, as somebody would make keys with it.
enum OpenSSL {
    static let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

    struct Failure: Error {
        let message: String
    }

    /// Runs a command, which reads `input`, and returns what it writes; ends it after 60 s.
    static func run(_ command: String, input: [UInt8] = []) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
        process.arguments = ["60", "/usr/bin/openssl"] + command.split(separator: " ").map(String.init)
        let (standardInput, standardOutput, standardError) = (Pipe(), Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = standardOutput
        process.standardError = standardError
        try process.run()
        // Keys are shorter than what a pipe holds, in all directions.
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input))
        try standardInput.fileHandleForWriting.close()
        let output = try standardOutput.fileHandleForReading.readToEnd() ?? Data()
        let errors = try standardError.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(message: "openssl \(command): \(String(decoding: errors, as: UTF8.self))")
        }
        return Array(output)
    }
}

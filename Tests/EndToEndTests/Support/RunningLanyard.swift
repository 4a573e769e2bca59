// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// A `lanyard serve` that is ready, on ports of its own, in a folder of its own.
final class RunningLanyard: Sendable {
    /// Where it was started; `data` is in it.
    let folder: TemporaryFolder
    let process: ChildProcess
    /// What the server takes the time from, if not from the machine.
    let clock: MovableClock?
    /// The lines that said it is ready.
    let readyLines: [String]
    /// The address of the first listener, as its ready line gives it.
    let url: String
    let port: UInt16
    let managementPort: UInt16

    /// Starts a server and waits until it says that it is ready.
    ///
    /// With `listen` the flag is given; by default the server takes free ports. `setup` is what a shell does before it becomes the
    /// server.
    init(
        _ arguments: [String] = [], settings: [String: String] = [:], in folder: TemporaryFolder? = nil,
        listen: String? = "127.0.0.1:0", after setup: String? = nil, by clock: MovableClock? = nil
    ) throws {
        let folder = try folder ?? TemporaryFolder()
        let flag = listen.map { ["--listen", $0] } ?? []
        var invocation = Lanyard.invocation(["serve"] + flag + arguments, settings: settings, in: folder, by: clock)
        invocation.errorLog = ServerLogs.path()
        if let setup {
            invocation.arguments = ["-c", setup + "; exec \"$0\" \"$@\"", invocation.executable] + invocation.arguments
            invocation.executable = "/bin/sh"
        }
        let process = try ChildProcess(invocation)
        do {
            let lines = process.standardOutput.lines(by: .usual) { lines in
                lines.contains { $0.hasPrefix(Self.listening) } && lines.contains { $0.hasPrefix(Self.management) }
            }
            guard let lines else {
                throw Failure("not ready; it wrote:\n\(process.standardOutput.text)\(process.standardError.text)")
            }
            (url, port) = try Self.address(in: lines, after: Self.listening)
            managementPort = try Self.address(in: lines, after: Self.management).port
            readyLines = lines
        } catch {
            process.send(SIGKILL)
            throw error
        }
        self.folder = folder
        self.process = process
        self.clock = clock
    }

    deinit {
        process.send(SIGKILL)
    }

    /// Asks the server to stop, and returns how it ended.
    @discardableResult
    func stop(_ signal: Int32 = SIGTERM) throws -> ChildProcess.Ending {
        process.send(signal)
        return try process.waitForEnd()
    }

    /// Stops the server and starts another on the same data.
    func restarted(_ arguments: [String] = [], settings: [String: String] = [:]) throws -> RunningLanyard {
        guard try stop() == .exit(0) else { throw Failure("did not stop: \(process.standardError.text)") }
        return try RunningLanyard(arguments, settings: settings, in: folder, by: clock)
    }

    /// Runs a command on the data of this server, while it runs.
    func run(_ arguments: [String], settings: [String: String] = [:], input: String = "") throws -> Lanyard.Output {
        try Lanyard.run(arguments, settings: settings, input: input, in: folder, by: clock)
    }

    private static let listening = "lanyard: listening on "
    private static let management = "lanyard: management on "

    private static func address(in lines: [String], after prefix: String) throws -> (url: String, port: UInt16) {
        guard let line = lines.first(where: { $0.hasPrefix(prefix) }),
            let colon = line.lastIndex(of: ":"), let port = UInt16(line[line.index(after: colon)...])
        else { throw Failure("no address in \(lines)") }
        return (String(line.dropFirst(prefix.count)), port)
    }
}

extension RunningLanyard {
    /// The server that ``ServerTrait`` runs for the current suite.
    @TaskLocal static var ofSuite: RunningLanyard?

    /// Returns the server of the current suite.
    static func shared() throws -> RunningLanyard {
        guard let ofSuite else { throw Failure("the suite has no .server trait") }
        return ofSuite
    }
}

/// Runs one server for all tests of a suite, and ends it after them.
struct ServerTrait: SuiteTrait, TestScoping {
    var arguments: [String]
    var settings: [String: String]

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let server = try RunningLanyard(arguments, settings: settings)
        try await RunningLanyard.$ofSuite.withValue(server) { try await function() }
        // A server that died in between explains every other failure of the suite.
        let ending = try server.stop()
        #expect(ending == .exit(0), "the server of the suite wrote:\n\(server.process.standardError.text)")
    }
}

extension Trait where Self == ServerTrait {
    /// One server for the suite, started with these arguments and settings.
    static func server(_ arguments: String..., settings: [String: String] = [:]) -> Self {
        ServerTrait(arguments: arguments, settings: settings)
    }
}

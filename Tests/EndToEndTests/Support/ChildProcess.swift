// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// A program that a test has started.
///
/// Whoever starts it waits for its end or kills it, by its process id.
///
/// Foundation's `Process` is not used: it wants a run loop, and hands the blocked signals of a Dispatch thread on.
final class ChildProcess: Sendable {
    let processID: pid_t
    let standardOutput: OutputCollector
    let standardError: OutputCollector
    private let end = DispatchGroup()
    private let waitStatus = Mutex<Int32?>(nil)

    /// What to start.
    struct Invocation: Sendable {
        var executable: String
        var arguments: [String]
        var environment: [String: String] = [:]
        var folder: String
        /// What the program reads from its standard input, at most 64 KiB; it then sees the end.
        var input: [UInt8] = []
        /// Sockets that the program finds open as descriptors 3, 4 and so on.
        var sockets: [ListeningSocket] = []
        /// A file to which everything on its standard error is copied as it comes.
        var errorLog: String?
    }

    /// Starts a program.
    init(_ invocation: Invocation) throws {
        let (pipes, (started, code)) = try Self.spawning.withLock { _ in
            let pipes = [try Pipe(), try Pipe(), try Pipe()]
            try pipes[0].fill(with: invocation.input)
            defer { for descriptor in [pipes[0].reading, pipes[1].writing, pipes[2].writing] { close(descriptor) } }
            let descriptors = [pipes[0].reading, pipes[1].writing, pipes[2].writing]
            // Out of the way of the numbers that they get in the program, one of which could be theirs here.
            let sockets = invocation.sockets.map { fcntl($0.descriptor, F_DUPFD_CLOEXEC, 100) }
            defer { for descriptor in sockets { close(descriptor) } }
            return (pipes, Self.spawn(invocation, descriptors + sockets))
        }
        standardOutput = OutputCollector(takingOwnershipOf: pipes[1].reading)
        standardError = OutputCollector(takingOwnershipOf: pipes[2].reading, copyingTo: invocation.errorLog)
        processID = started
        guard code == 0 else { throw Failure("cannot start \(invocation.executable): error \(code)") }
        end.enter()
        DispatchQueue(label: "wait").async { [self] in
            var status: Int32 = 0
            while unsafe waitpid(processID, &status, 0) < 0 && errno == EINTR {}
            waitStatus.withLock { $0 = status }
            end.leave()
        }
    }

    /// Held from the making of a pipe to the start of its program.
    ///
    /// Otherwise a program that another test starts in between would hold the pipe open.
    private static let spawning = Mutex<Void>(())

    /// Sends a signal, if the program still runs.
    func send(_ signal: Int32) {
        // The lock keeps the id from being given to another process in between: it is free only after `waitpid`.
        waitStatus.withLock { status in
            if status == nil { kill(processID, signal) }
        }
    }

    /// Waits for the end, and returns how the program ended.
    func waitForEnd(by deadline: Deadline = .usual) throws -> Ending {
        guard end.wait(timeout: deadline.dispatchTime) == .success, let status = waitStatus.withLock({ $0 }) else {
            send(SIGKILL)
            throw Failure("process \(processID) did not end in time; it wrote:\n\(standardError.text)")
        }
        guard standardOutput.waitForEnd(by: deadline), standardError.waitForEnd(by: deadline) else {
            throw Failure("process \(processID) left its output open")
        }
        return status & 0x7F == 0 ? .exit((status >> 8) & 0xFF) : .signal(status & 0x7F)
    }

    /// How a program ended.
    enum Ending: Equatable, Sendable {
        case exit(Int32)
        case signal(Int32)
    }
}

extension ChildProcess {
    private struct Pipe {
        let reading: Int32
        let writing: Int32

        init() throws {
            var ends: [Int32] = [-1, -1]
            guard unsafe pipe(&ends) == 0 else { throw Failure("no pipe: error \(errno)") }
            (reading, writing) = (ends[0], ends[1])
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        }

        /// Writes everything that there will be to read.
        func fill(with bytes: [UInt8]) throws {
            precondition(bytes.count <= 65_536, "a pipe holds 64 KiB without a reader")
            let written = bytes.isEmpty ? 0 : unsafe write(writing, bytes, bytes.count)
            close(writing)
            guard written == bytes.count else { throw Failure("cannot write to a pipe: error \(errno)") }
        }
    }

    /// Starts a program by way of `env`, which changes the folder and becomes the program.
    ///
    /// The C function is `posix_spawn`; `descriptors` become the standard input, output and error, and what follows.
    private static func spawn(_ invocation: Invocation, _ descriptors: [Int32]) -> (pid_t, Int32) {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (index, descriptor) in descriptors.enumerated() {
            unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(index))
        }

        // A Dispatch thread blocks most signals; the program starts as a shell would start it.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var processID: pid_t = 0
        let arguments = CStrings(["env", "-C", invocation.folder, invocation.executable] + invocation.arguments)
        let environment = CStrings(invocation.environment.map { "\($0)=\($1)" })
        let code = withExtendedLifetime((arguments, environment)) {
            unsafe posix_spawn(
                &processID, "/usr/bin/env", &actions, &attributes, arguments.pointers, environment.pointers)
        }
        return (processID, code)
    }
}

/// A `char *[]` with a null at its end, for as long as this lives.
@safe private final class CStrings {
    let pointers: [UnsafeMutablePointer<CChar>?]

    init(_ strings: [String]) {
        unsafe pointers = strings.map { unsafe strdup($0) } + [nil]
    }

    deinit {
        unsafe pointers.forEach { unsafe free($0) }
    }
}

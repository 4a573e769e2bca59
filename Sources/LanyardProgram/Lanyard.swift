// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Glibc
internal import LanyardBase

/// The program, for the executables that are built over this module.
package enum Program {
    /// Runs the command that the command line names, and exits.
    ///
    /// - Parameter clocks: Where the program reads the time.
    package static func main(clocks: ProgramClocks = .machine) {
        StandardDescriptors.fill()
        SystemClock.use(clocks)
        Lanyard.main()
    }
}

/// The program: `lanyard COMMAND`.
struct Lanyard: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lanyard",
        abstract: "Checks credentials once and hands out a badge that every service can verify.",
        version: Version.current,
        subcommands: [
            ServeCommand.self, AccountCommand.self, ClientCommand.self, SessionCommand.self, KeyCommand.self,
            TokenCommand.self,
            ConfigCommand.self, HealthCommand.self,
        ])

    /// A command is needed; what there are is in the help.
    func run() throws { throw Failure.missingCommand("lanyard") }

    /// Runs the command that the command line names; every way out of the program leads through here.
    static func main() {
        // A reader that goes away early must be an error of write(2), not the end of the process.
        _ = signal(SIGPIPE, SIG_IGN)
        MainThreadExecutor().run {
            do {
                let arguments = try readArguments()
                try checkHelp(arguments)
                var command = try parseAsRoot(CommandArguments(arguments).forParser)
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
            } catch {
                Glibc.exit(end(for: error).rawValue)
            }
        }
    }

    /// Returns what follows the program's name.
    private static func readArguments() throws(Failure) -> [String] {
        var arguments: [String] = []
        for bytes in CommandLineBytes.read().dropFirst() {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw Failure(.data, "an argument is not UTF-8 text; check the encoding of the terminal or the script")
            }
            arguments.append(text)
        }
        return arguments
    }

    /// Rejects `help` for a command that does not exist, which the parser would ignore.
    private static func checkHelp(_ arguments: [String]) throws(Failure) {
        guard arguments.first == "help" else { return }
        var commands = configuration.subcommands
        for name in arguments.dropFirst() where !name.hasPrefix("-") {
            guard let command = commands.first(where: { $0._commandName == name }) else {
                throw Failure(.usage, "there is no command '\(name)'; see 'lanyard --help'")
            }
            commands = command.configuration.subcommands
        }
    }

    /// Tells what `error` says and returns what the process exits with.
    private static func end(for error: any Error) -> ExitStatus {
        var failure = Failure(for: error)
        if exitCode(for: error).isSuccess {
            // Help and version come as errors too: they are what was asked for.
            do {
                try writeResult(fullMessage(for: error).trimmingLineFeeds + "\n")
                return .done
            } catch {
                failure = error
            }
        }
        if !failure.message.isEmpty { writeNotice(failure.line) }
        return failure.status
    }
}

extension Failure {
    /// Puts whatever a command or the command line's parser threw into the one form of a failure.
    init(for error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as SettingsError: self = error.failure
        case let code as ExitCode: self.init(ExitStatus(rawValue: code.rawValue) ?? .bug, "")
        default:
            let lines = Lanyard.message(for: error).split(separator: "\n").map { $0.trimmingBlanks }
            self.init(.usage, lines.joined(separator: "; ") + "; see 'lanyard --help'")
        }
    }

    /// A group of commands without the command.
    static func missingCommand(_ group: String) -> Failure {
        Failure(.usage, "no command is given; see '\(group) --help'")
    }
}

extension String {
    fileprivate var trimmingLineFeeds: String {
        var rest = self[...]
        while rest.last == "\n" { rest = rest.dropLast() }
        return String(rest)
    }
}

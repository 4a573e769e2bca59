// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Glibc

/// The command `lanyard serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Answer logins and refreshes until SIGTERM or SIGINT.")

    @OptionGroup var options: SettingsOptions
    @Option(help: ArgumentHelp("Listen here instead of where the settings say.", valueName: "host:port"))
    var listen: String?
    @Flag(help: "For development: an account to try things with, loopback pages allowed, a store of its own.")
    var dev = false

    func run() async throws {
        CoreDumps.forbid()
        let hangup = ProcessSignals.Hangup.meaning(isOnTerminal: isatty(STDERR_FILENO) == 1)
        ProcessSignals.prepare(hangup)
        let output = ServingOutput()
        do {
            try await serve(hangup, output)
            output.finish()
        } catch {
            let failure = Failure(for: error)
            output.write(failure)
            output.finish()
            throw Failure(failure.status, "")
        }
    }

    private func serve(_ hangup: ProcessSignals.Hangup, _ output: ServingOutput) async throws {
        let inherited = try InheritedListeners.take()
        let addresses = inherited.addresses
        let flags = listen.map { ["http.listen": $0] } ?? [:]
        let options = options
        let isDevelopment = dev
        let read: @Sendable () throws(SettingsError) -> Settings = { () throws(SettingsError) in
            var sources = try options.sources(flags: flags, isDevelopment: isDevelopment)
            sources.inherited = addresses
            return try Settings(from: sources)
        }
        try await ServingProcess(read(), hangup, output).run(inheriting: inherited, rereading: read)
    }
}

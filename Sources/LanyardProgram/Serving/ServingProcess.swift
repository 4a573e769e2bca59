// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc
internal import LanyardAPI
internal import LanyardBase
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardPasswords
internal import LanyardStore
internal import LanyardStoreSQLite
internal import Logging

/// A server from its first listener to its last answer: what `lanyard serve` does.
final class ServingProcess: Sendable {
    let settings: Settings
    let output: ServingOutput
    let log: Logger
    private let sink: LogSink
    private let hangup: ProcessSignals.Hangup

    /// Creates a process that has done nothing yet.
    init(_ settings: Settings, _ hangup: ProcessSignals.Hangup, _ output: ServingOutput) {
        self.settings = settings
        self.hangup = hangup
        self.output = output
        sink = output.sink(settings.log)
        log = sink.logger()
    }

    /// Serves until a signal ends it.
    ///
    /// Listeners come first, so that a port in use is found before anything is made; who connects meanwhile waits.
    ///
    /// - Parameters:
    ///   - inherited: The listeners that the process was started with.
    ///   - reread: Reads the settings again, for `SIGHUP`.
    /// - Throws: The failure to start.
    func run(
        inheriting inherited: consuming InheritedListeners,
        rereading reread: @escaping @Sendable () throws(SettingsError) -> Settings
    ) async throws(Failure) {
        logOverriddenListeners(by: inherited.addresses)
        let tls = try settings.tlsContext(environment: Environment.read())
        let servers = try Servers(settings, tls: tls, inheriting: inherited)
        let lanes = try settings.passwordLanes(
            settings.passwords.lanes, queueCapacity: settings.passwords.queue)
        if let shortage = servers.shortage(of: settings) {
            log.warning(
                "\(shortage)",
                metadata: ["event": "connections_lowered", "setting": "LANYARD_HTTP_MAX_CONNECTIONS"])
        }
        let certificate = CertificateWatch(tls, log: log, now: SystemClock.now, pauses: RunningClock())
        try await settings.withStore(for: .serving, notify: logNotice) { opened throws(Failure) in
            try await raiseLongestAccessLifetime(of: opened.store)
            for exposure in settings.exposures(toOthersThan: geteuid()) {
                log.warning("\(exposure)", metadata: ["event": "exposed"])
            }
            let greeting = try await Greeting(settings, opened.accounts(hashingIn: lanes), opened.store)
            let dependencies = try dependencies(opened, lanes, servers)
            let runtime = runtime(opened, dependencies, servers, certificate)
            let reload = Reload(settings, sink, servers, dependencies, certificate, reread)
            try await runtime.run {
                logStart(servers, dependencies.configuration)
                await waitForTheEnd(servers, greeting, dependencies.readiness, reload)
            }
        }
        log.info("stopped", metadata: ["event": "stopped"])
    }

    /// Says that the service is ready, and waits for a signal to stop and for the last answer.
    private func waitForTheEnd(
        _ servers: Servers, _ greeting: Greeting, _ readiness: Readiness, _ reload: Reload
    ) async {
        let notifier = ServiceNotifier(environment: Environment.read())
        let (drained, isDrained) = AsyncStream<Never>.makeStream()
        let signals = ProcessSignals(hangup, on: DispatchQueue(label: "lanyard.signals")) { [log] demand in
            switch demand {
            case .drain:
                log.info("stopping", metadata: ["event": "draining"])
                readiness.beginDraining()
                notifier.tell(.stopping)
                servers.drain { isDrained.finish() }
            case .end:
                exitNow()
            case .reload where readiness.isDraining:
                break  // Nothing begins any more that could be different.
            case .reload:
                notifier.tell(.reloading)
                reload.run()
                notifier.tell(.ready)
            }
        }
        // Before anybody is told that there is a server, so that what a request causes is logged behind it.
        greeting.tell(sink, output)
        servers.announce(to: output)
        notifier.tell(.ready)
        for await _ in drained {}
        withExtendedLifetime(signals) {}
    }

    /// Logs what runs, and where.
    private func logStart(_ servers: Servers, _ configuration: APIConfiguration) {
        log.notice(
            "started",
            metadata: [
                "event": "started", "version": "\(Version.current)",
                "issuer": "\(configuration.policies.tokens.issuer.text)",
                "listeners": .array(servers.publicURLs.map { "\($0)" }),
                "management": .array(servers.managementURLs.map { "\($0)" }),
                "store": "\(settings.store.location.kind)",
            ])
    }

    /// Logs that sockets of the service manager go before settings, which an operator may wonder about.
    private func logOverriddenListeners(by inherited: InheritedAddresses) {
        let overridden = [
            ("LANYARD_HTTP_LISTEN", inherited.public), ("LANYARD_MANAGEMENT_LISTEN", inherited.management),
        ]
        for (name, addresses) in overridden where !addresses.isEmpty {
            log.notice(
                "the service manager passed sockets, which are used instead of the setting",
                metadata: [
                    "event": "listen_overridden", "setting": "\(name)",
                    "listeners": .array(addresses.map { "\($0)" }),
                ])
        }
    }

    /// Records how long access tokens live from now on, for as long as keys must be kept for them.
    private func raiseLongestAccessLifetime(of store: any Store) async throws(Failure) {
        try await rethrowing(
            as: { Failure($0, at: "of the settings") },
            await store.raiseLongestAccessLifetime(to: settings.tokens.accessLifetime))
    }

    /// Logs what was done to the store while it was opened.
    private func logNotice(_ notice: OpenedStore.Notice) {
        log.notice("\(notice.text)", metadata: ["event": "\(notice.event)"])
    }
}

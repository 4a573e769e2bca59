// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import LanyardBase
internal import LanyardHTTP
internal import LanyardPasswords
internal import LanyardService
internal import LanyardStore
internal import LanyardStoreSQLite
internal import Logging

/// A server from its first listener to its last answer: what `lanyard serve` does.
final class ServingProcess: Sendable {
    private let settings: Settings
    private let sink: LogSink
    private let log: Logger

    /// Creates a process that has done nothing yet.
    init(_ settings: Settings) {
        self.settings = settings
        sink = LogSink(level: settings.log.level, format: settings.log.format, clock: SystemClock.now)
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
    ) throws(Failure) {
        let tls = try settings.tlsContext(environment: Environment.read())
        let servers = try Servers(settings, tls: tls, inheriting: inherited)
        let lanes = try settings.passwordLanes(
            settings.passwords.lanes, queueCapacity: settings.passwords.queue)
        let opened = try openedStore()
        let accounts = Accounts(
            store: opened.store, lanes: lanes, seal: opened.keyring.passwords, now: SystemClock.now)
        let greeting = try Greeting(settings, accounts, opened.store)

        let readiness = Readiness()
        let events = EventLog(log, trusting: settings.trustedProxies, now: SystemClock.now)
        let configuration = try settings.serviceConfiguration(port: servers.firstPort)
        let keys = LiveKeys(opened.keyring, configuration, running: SystemClock.running)
        let keeper = KeyKeeper(
            keys, foundation: opened.foundation, keyring: opened.keyring, store: opened.store,
            masterKey: opened.masterKey, policy: settings.keyPolicy, events: events,
            clock: { KeyMoment(wall: SystemClock.now(), running: SystemClock.running()) })
        // What became due while no process ran is done before anybody is answered.
        waitUntilDone { done in keeper.look(completion: done) }
        let dependencies = Dependencies(
            configuration: configuration, store: opened.store, keys: keys, passwords: opened.keyring.passwords,
            lanes: lanes, events: events, readiness: readiness, now: SystemClock.now)
        let statusKeeper = configuration.status.map { policy in
            StatusKeeper(
                dependencies.statusLists, policy, issuer: configuration.issuer, keys: keys, store: opened.store,
                events: events, now: SystemClock.now)
        }
        if let statusKeeper { waitUntilDone { done in statusKeeper.look(completion: done) } }
        try servers.start(dependencies)
        keeper.start()
        statusKeeper?.start()
        let sweeper = Sweeper(opened.store, lifetimes: settings.sessionLifetimes, events: events, log: log)
        let certificate = CertificateWatch(tls, log: log, now: SystemClock.now)
        let reload = Reload(settings, sink, servers, dependencies, certificate, reread)
        try waitForTheEnd(servers, greeting, readiness, reload)

        certificate.stop()
        keeper.stop()
        statusKeeper?.stop()
        sweeper.stop()
        // What still hashes now, hashes for a connection that was cut off.
        _ = lanes.close(within: .zero)
        opened.store.close()
        log.info("stopped", metadata: ["event": "stopped"])
    }

    /// Says that the service is ready, and waits for a signal to stop and for the last answer.
    private func waitForTheEnd(
        _ servers: Servers, _ greeting: Greeting, _ readiness: Readiness, _ reload: Reload
    ) throws(Failure) {
        let notifier = ServiceNotifier(environment: Environment.read())
        let isDrained = DispatchSemaphore(value: 0)
        let signals = ProcessSignals(on: DispatchQueue(label: "lanyard.signals")) { [log] demand in
            switch demand {
            case .drain:
                log.info("stopping", metadata: ["event": "draining"])
                readiness.beginDraining()
                notifier.tell(.stopping)
                servers.drain { isDrained.signal() }
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
        try servers.announce()
        greeting.tell()
        notifier.tell(.ready)
        isDrained.wait()
        withExtendedLifetime(signals) {}
    }

    /// Opens the store, or makes it.
    private func openedStore() throws(Failure) -> OpenedStore {
        let opened = try OpenedStore(settings, for: .serving)
        do {
            let lifetime = settings.tokens.accessLifetime
            try wait { opened.store.raiseLongestAccessLifetime(to: lifetime, completion: $0) }
        } catch {
            throw Failure(error, at: "of the settings")
        }
        return opened
    }
}

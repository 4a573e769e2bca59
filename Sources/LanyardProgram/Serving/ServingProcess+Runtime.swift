// SPDX-License-Identifier: Apache-2.0

internal import LanyardAPI
internal import LanyardBase
internal import LanyardCore
internal import LanyardPasswords
internal import LanyardStore
internal import LanyardStoreSQLite
internal import Logging

extension ServingProcess {
    /// Makes what the endpoints are made of.
    func dependencies(
        _ opened: OpenedStore, _ lanes: PasswordLanes, _ servers: Servers
    ) throws(Failure) -> Dependencies {
        let configuration = try settings.apiConfiguration(port: servers.firstPort)
        let events = EventLog(
            log, now: SystemClock.now, lostLines: { [output] in output.errors.droppedLines })
        let resources = Resources(
            policies: configuration.policies, store: opened.store,
            keys: LiveKeys(opened.keyring, running: SystemClock.running), passwords: opened.keyring.passwords,
            lanes: lanes, events: events, now: SystemClock.now)
        return Dependencies(configuration: configuration, resources: resources, readiness: Readiness())
    }

    /// Makes the parts of the process, the servers last.
    ///
    /// Whatever is to be done before anybody is answered is done before they start, and whatever an
    /// answer needs goes on until they have stopped.
    func runtime(
        _ opened: OpenedStore, _ dependencies: Dependencies, _ servers: Servers, _ certificate: CertificateWatch
    ) -> Runtime {
        let resources = dependencies.resources
        let summaries = SummaryTimer(resources.events, pauses: RunningClock())
        let keys = keyKeeper(opened, resources)
        let statusLists = statusKeeper(resources)
        let decoys = DecoyKeeper(resources, pauses: RunningClock())
        let storeWatch = resources.storeWatch
        let sweeper = Sweeper(
            opened.store, lifetimes: settings.sessions.policy.lifetimes, events: resources.events, log: log,
            clockRecord: opened.foundation.clockRecord, now: SystemClock.now, pauses: RunningClock())
        return Runtime(
            [
                // What still hashes in the end hashes for a connection that was cut off.
                Runtime.Part("password lanes", stop: { _ = resources.lanes.close(within: .zero) }),
                Runtime.Part("summaries", start: summaries.start, stop: summaries.stop),
                // What became due while no process ran is done now.
                Runtime.Part(
                    "keys",
                    start: {
                        await keys.look()
                        keys.start()
                    }, stop: keys.stop),
                Runtime.Part(
                    "status lists",
                    start: {
                        await statusLists?.look()
                        statusLists?.start()
                    }, stop: { statusLists?.stop() }),
                Runtime.Part(
                    "decoys",
                    start: {
                        await decoys.begin()
                        decoys.start()
                    }, stop: decoys.stop),
                // What the servers recorded says whether this one's clock can be right.
                Runtime.Part("store watch", start: storeWatch.start, stop: storeWatch.stop),
                Runtime.Part("issuer", start: { await self.noteIssuer(resources) }),
                Runtime.Part("sweeper", start: sweeper.start, stop: sweeper.stop),
                Runtime.Part("certificate", start: certificate.start, stop: certificate.stop),
                Runtime.Part(
                    "servers",
                    start: { () throws(Failure) in
                        ProcessSignals.holdStops()
                        try servers.start(dependencies)
                    }, stop: servers.stop),
            ], log: log)
    }

    private func keyKeeper(_ opened: OpenedStore, _ resources: Resources) -> KeyKeeper {
        KeyKeeper(
            resources.keys, foundation: opened.foundation, keyring: opened.keyring, store: opened.store,
            masterKey: opened.masterKey, policy: settings.keys.policy, events: resources.events,
            clock: { KeyMoment(wall: SystemClock.now(), running: SystemClock.running()) }, pauses: RunningClock())
    }

    private func statusKeeper(_ resources: Resources) -> StatusKeeper? {
        let tokens = resources.policies.tokens
        return tokens.status.map { policy in
            StatusKeeper(
                resources.statusLists, policy, issuer: tokens.issuer, keys: resources.keys, store: resources.store,
                events: resources.events, pauses: RunningClock(), now: SystemClock.now)
        }
    }

    /// Records the issuer that is served from now on, and warns if it was another before.
    private func noteIssuer(_ resources: Resources) async {
        let issuer = resources.policies.tokens.issuer.text
        // A store that does not answer is reported by everything else.
        let previous = try? await resources.store.recordIssuer(issuer)
        if let previous, previous != issuer { resources.events.record(.issuerChanged(from: previous, to: issuer)) }
    }
}

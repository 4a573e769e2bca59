// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import LanyardBase
package import LanyardStore

/// Keeps the keys of a process those of the store, and takes the steps of their life that are due.
///
/// It looks each second, and sooner when something is due sooner.
package final class KeyKeeper: Sendable {
    private let store: any Store
    private let masterKey: MasterKey
    private let maker: KeyMaker
    private let schedule: KeySchedule
    private let keys: LiveKeys
    private let events: EventLog
    private let clock: @Sendable () -> KeyMoment
    private let makeInBackground: @Sendable (@escaping @Sendable () -> Void) -> Void
    private let queue = DispatchQueue(label: "lanyard.keys", qos: .userInitiated)
    private let state: Guarded<State>

    private struct State {
        var foundation: Foundation
        var keyring: Keyring
        var sightings: KeySightings
        /// The id of the secret that makes refresh tokens.
        var makerID: String?
        var isMaking = false
        var isStopped = false
        /// What was last said to be wrong, so that it is said once.
        var complaint: String?
    }

    /// Creates the keeper of keys that were just read.
    ///
    /// - Parameters:
    ///   - keys: Where the process finds its keys.
    ///   - foundation: What was read of the store.
    ///   - keyring: The same, opened.
    ///   - store: The store.
    ///   - masterKey: What seals keys.
    ///   - policy: How keys live.
    ///   - events: Where changes are told.
    ///   - clock: The time.
    ///   - makeInBackground: Runs what takes a second of a core.
    package init(
        _ keys: LiveKeys, foundation: Foundation, keyring: Keyring, store: any Store, masterKey: MasterKey,
        policy: KeyPolicy, events: EventLog, clock: @escaping @Sendable () -> KeyMoment,
        makeInBackground: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void = { work in
            DispatchQueue.global(qos: .utility).async { work() }
        }
    ) {
        self.keys = keys
        self.store = store
        self.masterKey = masterKey
        self.events = events
        self.clock = clock
        self.makeInBackground = makeInBackground
        maker = KeyMaker(masterKey: masterKey, policy: policy)
        schedule = KeySchedule(policy: policy)
        state = Guarded(
            State(
                foundation: foundation, keyring: keyring,
                sightings: KeySightings(foundation, at: clock().running)))
    }

    /// Begins to look again and again.
    package func start() {
        queue.async { [weak self] in self?.lookAgain() }
    }

    /// Begins nothing more.
    package func stop() { state.withLock { $0.isStopped = true } }

    private func lookAgain() {
        guard !state.withLock({ $0.isStopped }) else { return }
        look { [weak self] in
            guard let self else { return }
            let pause = pause()
            queue.asyncAfter(deadline: .now() + .milliseconds(Int(pause.milliseconds))) { [weak self] in
                self?.lookAgain()
            }
        }
    }

    private func pause() -> Duration {
        let moment = clock()
        return state.withLock { state in
            schedule.pause(for: state.foundation, state.sightings, at: moment, longest: Self.longestPause)
        }
    }

    /// Looks once: follows what others have changed, and takes the steps that are due.
    ///
    /// - Parameter completion: Called when that is over, on any queue.
    package func look(completion: @escaping @Sendable () -> Void) {
        look(stepsLeft: Self.stepsAtOnce, completion)
    }

    private func look(stepsLeft: Int, _ completion: @escaping @Sendable () -> Void) {
        let beginning = clock().running
        store.keyVersion { [self] result in
            switch result {
            case .success(let version):
                guard version == state.withLock({ $0.foundation.keyVersion }) else {
                    return follow(from: beginning, stepsLeft: stepsLeft, completion)
                }
                keys.confirm(readAt: beginning)
                state.withLock { $0.complaint = nil }
                act(stepsLeft: stepsLeft, completion)
            case .failure(let error):
                complain("\(error)")
                completion()
            }
        }
    }

    /// Takes over what the store holds now.
    private func follow(
        from beginning: ContinuousClock.Instant, stepsLeft: Int, _ completion: @escaping @Sendable () -> Void
    ) {
        store.foundation { [self] result in
            switch result {
            case .success(let foundation?):
                guard adopt(foundation) else { return completion() }
                keys.confirm(readAt: beginning)
                act(stepsLeft: stepsLeft, completion)
            case .success(nil):
                complain("the store is empty")
                completion()
            case .failure(let error):
                complain("\(error)")
                completion()
            }
        }
    }

    private func adopt(_ foundation: Foundation) -> Bool {
        let (earlier, keyring) = state.withLock { ($0.foundation, $0.keyring) }
        let opened: Keyring
        do throws(KeyringError) {
            opened = try Keyring(opening: foundation, with: masterKey, reusing: keyring)
        } catch {
            complain("\(error)")
            return false
        }
        let instant = clock().running
        state.withLock { state in
            state.foundation = foundation
            state.keyring = opened
            state.sightings.note(foundation, at: instant)
            state.complaint = nil
        }
        publish(isChanged: true)
        events.keysChanged(from: earlier, to: foundation)
        return true
    }

    /// Gives the loops their keys, if there is anything new.
    private func publish(isChanged: Bool) {
        let moment = clock()
        let (keyring, id, isNew) = state.withLock { state in
            let id = schedule.maker(of: state.foundation, state.sightings, at: moment)?.id
            defer { state.makerID = id }
            return (state.keyring, id, isChanged || id != state.makerID)
        }
        if isNew { keys.replace(with: keyring, makingRefreshTokensWith: id) }
    }

    /// Takes what steps are due.
    private func act(stepsLeft: Int, _ completion: @escaping @Sendable () -> Void) {
        publish(isChanged: false)
        let moment = clock()
        let (foundation, step) = state.withLock { state in
            (state.foundation, schedule.step(for: state.foundation, state.sightings, at: moment))
        }
        guard stepsLeft > 0, let step else { return completion() }
        let change: KeyChange
        switch step {
        case .publish:
            publishNextKey(at: foundation.keyVersion)
            return completion()
        case .activate(let kid):
            guard let next = foundation.key(kid) else { return completion() }
            let retention = schedule.policy.retention(longestAccessLifetime: foundation.longestAccessLifetime)
            change = foundation.activation(of: next, at: moment.wall, retention: retention)
        case .change(let other):
            change = other
        }
        store.changeKeys(change, at: foundation.keyVersion) { [self] result in
            switch result {
            // Made by this process or by another: either way there is something to follow.
            case .success: look(stepsLeft: stepsLeft - 1, completion)
            case .failure(let error):
                complain("\(error)")
                completion()
            }
        }
    }

    /// Makes a key and stores it as `next`, unless the keys are changed meanwhile.
    private func publishNextKey(at version: Int64) {
        let isFirst = state.withLock { state in
            defer { state.isMaking = true }
            return !state.isMaking
        }
        guard isFirst else { return }
        makeInBackground { [self] in
            guard let key = try? maker.newKey(),
                let record = try? maker.record(of: key, at: clock().wall, lead: schedule.policy.publishLead)
            else {
                complain("no key could be made")
                return state.withLock { $0.isMaking = false }
            }
            store.changeKeys(KeyChange(keys: [record]), at: version) { [self] result in
                if case .failure(let error) = result { complain("\(error)") }
                state.withLock { $0.isMaking = false }
            }
        }
    }

    /// Says what is wrong, once until it is right again.
    private func complain(_ reason: String) {
        let isNew = state.withLock { state in
            defer { state.complaint = reason }
            // A process that ends closes its store before the last look is over.
            return state.complaint != reason && !state.isStopped
        }
        if isNew { events.keysNotFollowed(reason: reason) }
    }

    /// How often the keys are read: so much more often than they go stale that one slow read does no harm.
    private static let longestPause = Duration.seconds(1)

    /// How many steps are taken in one look; more than the life of any key has at one time.
    private static let stepsAtOnce = 8
}

// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import LanyardBase
internal import LanyardCrypto
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
    private let looks = SharedRun()
    private let state: Guarded<State>

    private struct State {
        var foundation: Foundation
        var keyring: Keyring
        var sightings: KeySightings
        /// Why this process could not sign with the key that is `next`, if it could not.
        var nextKeyTrouble: KeyringError?
        /// The id of the secret that makes refresh tokens.
        var makerID: String?
        var isMaking = false
        /// A key that was made and could not be stored, for the next try.
        var made: PrivateKey?
        var isStopped = false
        /// What was last said to be wrong, so that it is said once.
        var complaint: Complaint?
        /// What the look that is under way has found wrong.
        var trouble: Complaint?
    }

    /// What can be wrong with the keys.
    private enum Complaint: Equatable {
        /// They cannot be read.
        case notRead(String)
        /// They are read, and a step that is due cannot be made.
        case notKept(String)
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
                sightings: KeySightings(foundation, at: clock().running),
                nextKeyTrouble: Self.trouble(withNextKeyOf: foundation, masterKey)))
        keys.freshness.whenNeeded { [weak self] done in
            guard let self else { return done() }
            look(completion: done)
        }
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
            // What has failed is not tried again in a hurry, though it is overdue.
            guard state.complaint == nil else { return Self.longestPause }
            return schedule.pause(for: state.foundation, state.sightings, at: moment, longest: Self.longestPause)
        }
    }

    /// Looks once: follows what others have changed, and takes the steps that are due.
    ///
    /// There is one look at a time.
    ///
    /// - Parameter completion: Called when a look that began after this call is over, on any queue.
    package func look(completion: @escaping @Sendable () -> Void) {
        looks.request({ [self] done in lookOnce(done) }, completion: completion)
    }

    private func lookOnce(_ completion: @escaping @Sendable () -> Void) {
        state.withLock { $0.trouble = nil }
        look(stepsLeft: Self.stepsAtOnce) { [self] in
            let complaint = state.withLock { state -> Complaint? in
                defer { state.complaint = state.trouble }
                // A process that ends closes its store before the last look is over.
                return state.trouble == state.complaint || state.isStopped ? nil : state.trouble
            }
            switch complaint {
            case .notRead(let reason): events.keysNotRead(reason: reason)
            case .notKept(let reason): events.keysNotKept(reason: reason)
            case nil: break
            }
            completion()
        }
    }

    private func look(stepsLeft: Int, _ completion: @escaping @Sendable () -> Void) {
        let beginning = clock().running
        store.keyVersion { [self] result in
            switch result {
            case .success(let version):
                events.storeTried(.reading, failing: nil)
                guard version == state.withLock({ $0.foundation.keyVersion }) else {
                    return follow(from: beginning, stepsLeft: stepsLeft, completion)
                }
                keys.confirm(readAt: beginning)
                act(stepsLeft: stepsLeft, completion)
            case .failure(let error):
                // A process that ends closes its store before the last look is over.
                if !state.withLock({ $0.isStopped }) { events.storeTried(.reading, failing: "\(error)") }
                complain(.notRead("\(error)"))
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
                complain(.notRead("the store is empty"))
                completion()
            case .failure(let error):
                complain(.notRead("\(error)"))
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
            complain(.notRead("\(error)"))
            return false
        }
        let instant = clock().running
        let trouble = Self.trouble(withNextKeyOf: foundation, masterKey)
        state.withLock { state in
            state.foundation = foundation
            state.nextKeyTrouble = trouble
            state.keyring = opened
            state.sightings.note(foundation, at: instant)
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
        let (foundation, trouble, step) = state.withLock { state in
            (
                state.foundation, state.nextKeyTrouble,
                schedule.step(for: state.foundation, state.sightings, at: moment)
            )
        }
        // Said long before it is to sign, so that there is time to do something about it.
        if let trouble { complain(.notKept("the next key cannot be opened: \(trouble)")) }
        guard stepsLeft > 0, let step else { return completion() }
        let change: KeyChange
        switch step {
        case .publish:
            publishNextKey(at: foundation.keyVersion)
            return completion()
        case .activate(let kid):
            // What this process cannot sign with, another may: it is not for this one to bring it about.
            guard trouble == nil, let next = foundation.key(kid) else { return completion() }
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
                complain(.notKept("\(error)"))
                completion()
            }
        }
    }

    /// Returns why this process could not sign with the key that is `next`; `nil` if it could, or there is none.
    private static func trouble(withNextKeyOf foundation: Foundation, _ masterKey: MasterKey) -> KeyringError? {
        guard let next = foundation.nextKey else { return nil }
        do throws(KeyringError) {
            _ = try SigningKey(opening: next, with: masterKey)
            return nil
        } catch {
            return error
        }
    }

    /// Makes a key and stores it as `next`, unless the keys are changed meanwhile.
    private func publishNextKey(at version: Int64) {
        let (isFirst, made) = state.withLock { state in
            defer { state.isMaking = true }
            return (!state.isMaking, state.made)
        }
        guard isFirst else { return }
        makeInBackground { [self] in
            guard let key = try? made ?? maker.newKey(),
                let record = try? maker.record(of: key, at: clock().wall, lead: schedule.policy.publishLead)
            else { return finishMaking(keeping: made) }
            store.changeKeys(KeyChange(keys: [record]), at: version) { [self] result in
                // A key takes up to seconds of a core: one that could not be stored is for the next try.
                if case .failure = result { finishMaking(keeping: key) } else { finishMaking(keeping: nil) }
            }
        }
    }

    private func finishMaking(keeping key: PrivateKey?) {
        state.withLock { state in
            state.isMaking = false
            state.made = key
        }
        if key != nil { events.keysNotKept(reason: "the next key could not be stored") }
    }

    /// Takes note of what is wrong; what is worse counts.
    private func complain(_ complaint: Complaint) {
        if case .notRead = complaint { keys.freshness.noteFailure() }
        state.withLock { state in
            if case .notRead = state.trouble { return }
            state.trouble = complaint
        }
    }

    /// How often the keys are read; they go stale after ``KeyPolicy/staleness``, so that one read may take two seconds.
    private static let longestPause = Duration.seconds(1)

    /// How many steps are taken in one look; more than the life of any key has at one time.
    private static let stepsAtOnce = 8
}

// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCrypto
package import LanyardStore

/// Keeps the keys of a process those of the store, and takes the steps of their life that are due.
///
/// It looks each second, and sooner when something is due sooner.
package final class KeyKeeper: Sendable {
    private let store: any KeyStore
    private let masterKey: MasterKey
    private let maker: KeyMaker
    private let schedule: KeySchedule
    private let keys: LiveKeys
    private let events: EventLog
    private let clock: @Sendable () -> KeyMoment
    private let keyMaking: any TaskExecutor
    private let repetition: Repetition
    private let looks = SharedRun()
    private let state: Guarded<State>

    private struct State {
        var foundation: Foundation
        var keyring: Keyring
        var sightings: KeySightings
        /// Why this process could not sign with the key that is `next`, if it could not.
        var nextKeyTrouble: KeyringError?
        /// The id of the secret that makes refresh tokens.
        var makerID: KeyID?
        var isMaking = false
        /// A key that was made and could not be stored, for the next try.
        var made: PrivateKey?
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
    ///   - pauses: What the pauses between looks are measured by.
    ///   - keyMaking: Where a key is made, which takes a second of a core.
    package init(
        _ keys: LiveKeys, foundation: Foundation, keyring: Keyring, store: any KeyStore, masterKey: MasterKey,
        policy: KeyPolicy, events: EventLog, clock: @escaping @Sendable () -> KeyMoment,
        pauses: any Clock<Duration> = .continuous,
        keyMaking: any TaskExecutor = QueueExecutor(label: "lanyard.keymaking", urgency: .low)
    ) {
        let executor = QueueExecutor(label: "lanyard.keys", urgency: .high)
        repetition = Repetition(on: executor, clock: pauses)

        self.keys = keys
        self.store = store
        self.masterKey = masterKey
        self.events = events
        self.clock = clock
        self.keyMaking = keyMaking
        maker = KeyMaker(masterKey: masterKey, policy: policy)
        schedule = KeySchedule(policy: policy)
        state = Guarded(
            State(
                foundation: foundation, keyring: keyring,
                sightings: KeySightings(foundation, at: clock().running),
                nextKeyTrouble: Self.trouble(withNextKeyOf: foundation, masterKey)))
        keys.freshness.whenNeeded(on: executor) { [weak self] in await self?.look() }
    }

    /// Begins to look again and again.
    package func start() {
        repetition.start { [weak self] in
            await self?.look()
            return self?.pause()
        }
    }

    /// Begins nothing more.
    package func stop() { repetition.stop() }

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
    /// There is one look at a time; this returns after one that began after the call.
    package func look() async { await looks.run { await lookOnce() } }

    private func lookOnce() async {
        state.withLock { $0.trouble = nil }
        var stepsLeft = Self.stepsAtOnce
        while await follow(), await act(mayStep: stepsLeft > 0) { stepsLeft -= 1 }
        let complaint = state.withLock { state -> Complaint? in
            defer { state.complaint = state.trouble }
            // A process that ends closes its store before the last look is over.
            return state.trouble == state.complaint || repetition.isStopped ? nil : state.trouble
        }
        switch complaint {
        case .notRead(let reason): events.record(.keysNotRead(reason: reason))
        case .notKept(let reason): events.record(.keysNotKept(reason: reason))
        case nil: break
        }
    }

    /// Takes over what the store holds now; returns whether it could be read.
    private func follow() async -> Bool {
        let beginning = clock().running
        do throws(StoreError) {
            let version = try await store.keyVersion()
            events.recordTry(of: .reading, failing: nil)
            if version != state.withLock({ $0.foundation.keyVersion }) {
                guard let foundation = try await store.foundation() else {
                    complain(.notRead("the store is empty"))
                    return false
                }
                guard adopt(foundation) else { return false }
            }
        } catch {
            // A process that ends closes its store before the last look is over.
            if !repetition.isStopped { events.recordTry(of: .reading, failing: "\(error)") }
            complain(.notRead("\(error)"))
            return false
        }
        keys.confirm(readAt: beginning)
        return true
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
        events.recordChanges(from: earlier, to: foundation)
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

    /// Takes the step that is due, if one is; returns whether there is something to follow then.
    private func act(mayStep: Bool) async -> Bool {
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
        guard mayStep, let step else { return false }
        let change: KeyChange
        switch step {
        case .publish:
            publishNextKey(at: foundation.keyVersion)
            return false
        case .activate(let kid):
            // What this process cannot sign with, another may: it is not for this one to bring it about.
            guard trouble == nil, let next = foundation.key(kid) else { return false }
            let retention = schedule.policy.retention(longestAccessLifetime: foundation.longestAccessLifetime)
            change = foundation.activation(of: next, at: moment.wall, retention: retention)
        case .change(let other):
            change = other
        }
        do throws(StoreError) {
            // Made by this process or by another: either way there is something to follow.
            _ = try await store.changeKeys(change, at: foundation.keyVersion)
            return true
        } catch {
            complain(.notKept("\(error)"))
            return false
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
        Task(executorPreference: keyMaking) { [self] in
            guard let key = try? made ?? maker.newKey(),
                let record = try? maker.record(of: key, at: clock().wall, lead: schedule.policy.publishLead)
            else { return finishMaking(keeping: made) }
            // A key takes up to seconds of a core: one that could not be stored is for the next try.
            let isAnswered = (try? await store.changeKeys(KeyChange(keys: [record]), at: version)) != nil
            finishMaking(keeping: isAnswered ? nil : key)
        }
    }

    private func finishMaking(keeping key: PrivateKey?) {
        state.withLock { state in
            state.isMaking = false
            state.made = key
        }
        if key != nil { events.record(.keysNotKept(reason: "the next key could not be stored")) }
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

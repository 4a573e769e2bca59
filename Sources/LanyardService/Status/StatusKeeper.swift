// SPDX-License-Identifier: Apache-2.0

package import Dispatch
package import LanyardBase
internal import LanyardCrypto
package import LanyardStore

/// Keeps the status lists that a process serves those of the store.
///
/// It looks each second, and builds and signs anew what has changed, on a queue of its own.
package final class StatusKeeper: Sendable {
    private let lists: LiveStatusLists
    private let keys: LiveKeys
    private let store: any Store
    private let builder: StatusListBuilder
    private let events: EventLog
    private let pageSize: Int
    private let pause: DispatchTimeInterval
    private let now: @Sendable () -> UnixTime
    private let queue = DispatchQueue(label: "lanyard.status", qos: .userInitiated)
    private let looks = SharedRun()
    private let state = Guarded(State())

    private struct State {
        var basis: Basis?
        var isStopped = false
        var isLooking = false
        /// Which row of looks goes on: one that was begun later ends the one before.
        var row = 0
        /// What was last said to be wrong, so that it is said once.
        var complaint: String?
    }

    /// When a look began, by two clocks.
    private struct Beginning {
        let wall: UnixTime
        let running: ContinuousClock.Instant
    }

    /// What the lists were made of, all together.
    private struct Basis {
        var version: Int64
        var kid: String
        /// When the next bit is shown no more.
        var nextVanishing: UnixTime?
        /// The newest `iat`.
        var issuedAt: UnixTime
        /// When the first of them is signed anew.
        var renewal: UnixTime

        func isCurrent(_ version: Int64, kid: String, at now: UnixTime) -> Bool {
            version == self.version && kid == self.kid && issuedAt <= now && now < renewal
                && nextVanishing.map { now < $0 } ?? true
        }
    }

    /// Creates a keeper that has built nothing yet.
    ///
    /// - Parameters:
    ///   - lists: Where the process finds its lists.
    ///   - policy: What the settings say of them.
    ///   - issuer: The URL of the service.
    ///   - keys: The keys of the process.
    ///   - store: The store.
    ///   - events: Where trouble is told.
    ///   - pageSize: How many bits one step of the store reads: a few milliseconds.
    ///   - pause: How long nothing is built: lists change so often at most.
    ///   - now: The clock of `iat` and `exp`.
    package init(
        _ lists: LiveStatusLists, _ policy: StatusPolicy, issuer: IssuerURL, keys: LiveKeys, store: any Store,
        events: EventLog, pageSize: Int = 4_096, pause: DispatchTimeInterval = .seconds(1),
        now: @escaping @Sendable () -> UnixTime
    ) {
        self.lists = lists
        self.pageSize = pageSize
        self.pause = pause
        self.keys = keys
        self.store = store
        self.events = events
        self.now = now
        builder = StatusListBuilder(issuer, policy)
        lists.freshness.whenNeeded { [weak self] done in
            guard let self else { return done() }
            // Nothing is signed with keys that may be old.
            keys.freshness.whenFresh(within: Renewal.patience) { [self] _ in look(completion: done) }
        }
    }

    /// Begins to look again and again, and whenever the keys change: what a key signed that was revoked is not served.
    package func start() {
        keys.whenReplaced { [weak self] in self?.lookNow() }
        lookNow()
    }

    /// Begins nothing more.
    package func stop() { state.withLock { $0.isStopped = true } }

    /// Looks at once, or when the look that is under way is over, and from then on again and again.
    private func lookNow() {
        let row = state.withLock { state in
            state.row += 1
            return state.row
        }
        queue.async { [weak self] in self?.lookAgain(row) }
    }

    private func lookAgain(_ row: Int) {
        let mayLook = state.withLock { state in
            guard !state.isStopped, state.row == row, !state.isLooking else { return false }
            state.isLooking = true
            return true
        }
        guard mayLook else { return }
        look { [weak self] in
            guard let self else { return }
            let newest = state.withLock { state in
                state.isLooking = false
                return state.row
            }
            queue.asyncAfter(deadline: .now() + (newest == row ? pause : .nanoseconds(0))) { [weak self] in
                self?.lookAgain(newest)
            }
        }
    }

    /// Looks once: builds what has changed.
    ///
    /// A list that is served stays as it is where the store cannot be read, or the keys were not read lately: it has its `exp`.
    /// There is one look at a time.
    ///
    /// - Parameter completion: Called when a look that began after this call is over, on any queue.
    package func look(completion: @escaping @Sendable () -> Void) {
        looks.request({ [self] done in lookOnce(done) }, completion: completion)
    }

    private func lookOnce(_ completion: @escaping @Sendable () -> Void) {
        // Before anything is read: what a list does not show may have happened since, and its `iat` must not deny that.
        let beginning = Beginning(wall: now(), running: keys.running())
        store.statusLists { [self] result in
            queue.async { [self] in
                switch result {
                case .failure(let error): end(complaining: "\(error)", completion)
                case .success(let found):
                    let kid = keys.snapshot.current.keyring.active.kid
                    let isCurrent = state.withLock {
                        $0.basis?.isCurrent(found.version, kid: kid, at: beginning.wall) ?? false
                    }
                    guard !isCurrent else { return end(confirming: beginning, completion) }
                    guard keys.isFresh else { return end(complaining: nil, completion) }
                    read(found, StatusReading(), at: beginning, completion)
                }
            }
        }
    }

    /// Reads the bits that come after those of `reading`, page by page, and builds when there are no more.
    private func read(
        _ found: StatusLists, _ reading: StatusReading, at beginning: Beginning,
        _ completion: @escaping @Sendable () -> Void
    ) {
        store.statusBits(after: reading.last, limit: pageSize, at: beginning.wall) { [self] result in
            queue.async { [self] in
                switch result {
                case .failure(let error): end(complaining: "\(error)", completion)
                case .success(let page):
                    reading.add(page)
                    if page.count == pageSize {
                        read(found, reading, at: beginning, completion)
                    } else {
                        build(found, reading, at: beginning, completion)
                    }
                }
            }
        }
    }

    private func build(
        _ found: StatusLists, _ reading: StatusReading, at beginning: Beginning,
        _ completion: @escaping @Sendable () -> Void
    ) {
        let bitmaps = reading.bitmaps
        let before = lists.lists.current ?? [:]
        let key = keys.snapshot.current.keyring.active
        var built: [Int64: SignedStatusList] = [:]
        do throws(CryptoError) {
            let signer = try TokenSigner(key, type: StatusListBuilder.tokenType)
            for number in found.numbers {
                let bitmap = bitmaps[number] ?? StatusBitmap()
                if let list = before[number], list.isCurrent(bitmap, kid: key.kid, at: beginning.wall) {
                    built[number] = list
                    continue
                }
                // Another replica may have made another key the one that signs: the rule of access tokens.
                guard keys.isFresh else { return end(complaining: nil, completion) }
                built[number] = try builder.list(number, showing: bitmap, signedBy: signer, at: beginning.wall)
            }
        } catch {
            return end(complaining: "\(error)", completion)
        }
        lists.lists.replace(with: built)
        let basis = Basis(
            version: found.version, kid: key.kid, nextVanishing: reading.nextVanishing,
            issuedAt: built.values.map(\.issuedAt).max() ?? beginning.wall,
            renewal: built.values.map(\.renewal).min() ?? beginning.wall)
        state.withLock { $0.basis = basis }
        end(confirming: beginning, completion)
    }

    private func end(confirming beginning: Beginning, _ completion: @escaping @Sendable () -> Void) {
        lists.freshness.confirm(readAt: beginning.running)
        end(complaining: nil, completion)
    }

    private func end(complaining complaint: String?, _ completion: @escaping @Sendable () -> Void) {
        let isNews = state.withLock { state in
            defer { state.complaint = complaint }
            // A process that ends closes its store before the last look is over.
            return complaint != state.complaint && !state.isStopped
        }
        if complaint != nil { lists.freshness.noteFailure() }
        if isNews, let complaint { events.statusListsNotBuilt(reason: complaint) }
        completion()
    }

}
